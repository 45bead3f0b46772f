"""The tracker itself: settings in, frames in, results out."""
