/** The stream of moments: decodes each message, shows it, and answers, so that the newest one comes next. */

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 5000;

export class Stream {
  /** `show({header, image, density})` draws; `tell({connected, latency})` says how the connection is. */
  constructor(show, tell) {
    this.show = show;
    this.tell = tell;
    this.density = null;
    this.pause = FIRST_PAUSE;
    this.connect();
  }

  connect() {
    const address = new URL("ws", document.baseURI);
    address.protocol = address.protocol.replace("http", "ws");
    this.socket = new WebSocket(address);
    this.socket.binaryType = "arraybuffer";
    this.shown = 0;
    this.socket.onopen = () => {
      this.pause = FIRST_PAUSE;
      this.tell({ connected: true });
      this.ask(this.density);
    };
    this.socket.onmessage = ({ data }) => this.take(this.socket, data);
    this.socket.onclose = () => {
      this.tell({ connected: false });
      setTimeout(() => this.connect(), this.pause);
      this.pause = Math.min(2 * this.pause, LONGEST_PAUSE);
    };
  }

  /** Asks for the density of a target; null for none. */
  ask(target) {
    this.density = target;
    this.send(this.socket, { density: target });
  }

  send(socket, order) {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(order));
  }

  async take(socket, data) {
    if (typeof data === "string") {
      this.tell(JSON.parse(data));
      return;
    }
    const moment = await decode(data);
    const { number } = moment.header;
    if (socket === this.socket && number >= this.shown) {
      // Two may be decoded at a time, and the older one be done last.
      this.shown = number;
      this.show(moment);
    }
    this.send(socket, { ack: number });
  }
}

async function decode(data) {
  const size = new DataView(data).getUint32(0);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(data, 4, size)));
  const first = 4 + size;
  const second = first + header.jpeg;
  return {
    header,
    image: await picture(data.slice(first, second)),
    density: await picture(data.slice(second)),
  };
}

function picture(data) {
  return data.byteLength ? createImageBitmap(new Blob([data], { type: "image/jpeg" })) : null;
}
