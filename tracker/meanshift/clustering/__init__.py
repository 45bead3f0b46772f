"""Mean-shift clustering of points: `MeanShift` and `estimate_bandwidth`."""

from tracker.meanshift.clustering.bandwidth import estimate_bandwidth
from tracker.meanshift.clustering.climb import ClimbProgress
from tracker.meanshift.clustering.estimator import MeanShift

__all__ = ["ClimbProgress", "MeanShift", "estimate_bandwidth"]
