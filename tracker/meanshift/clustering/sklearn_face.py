"""The interface that scikit-learn expects of an estimator, without scikit-learn.

`clone`, pipelines and searches read and set the parameters by name. Tags and scikit-learn's own exception are built
only where scikit-learn is loaded.
"""

from __future__ import annotations

import functools
import inspect
import sys
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from tracker.errors import ConfigError, DataError, NotInitialisedError

if TYPE_CHECKING:
    from sklearn.utils import Tags


class SklearnFace:
    """Parameters by name, tags, and the check of the number of features."""

    _estimator_type = "clusterer"
    n_features_in_: int
    feature_names_in_: NDArray[np.object_]

    @classmethod
    @functools.cache
    def _parameters(cls) -> list[inspect.Parameter]:
        return [p for p in inspect.signature(cls.__init__).parameters.values() if p.name != "self"]

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the settings by name; scikit-learn passes `deep`, which changes nothing here."""
        return {parameter.name: getattr(self, parameter.name) for parameter in self._parameters()}

    def set_params(self, **params: Any) -> Self:
        """Change settings by name; they are checked when `fit` is called.

        Raises:
            ConfigError: there is no such setting.
        """
        known = self.get_params()
        for name in params:
            if name not in known:
                raise ConfigError(f"Invalid parameter {name!r} for {type(self).__name__}: it has {', '.join(known)}")
        for name, value in params.items():
            setattr(self, name, value)
        return self

    def __repr__(self) -> str:
        changed = [
            f"{parameter.name}={getattr(self, parameter.name)!r}"
            for parameter in self._parameters()
            if getattr(self, parameter.name) is not parameter.default
        ]
        return f"{type(self).__name__}({', '.join(changed)})"

    def __sklearn_tags__(self) -> Tags:
        from sklearn.utils import InputTags, Tags, TargetTags

        return Tags(
            estimator_type="clusterer",
            target_tags=TargetTags(required=False),
            transformer_tags=None,
            classifier_tags=None,
            regressor_tags=None,
            input_tags=InputTags(),
        )

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "n_features_in_")

    def _check_fitted(self) -> None:
        if not self.__sklearn_is_fitted__():
            message = f"this {type(self).__name__} is not fitted yet: call fit before predict"
            raise _not_fitted_error()(message)

    def _note_features(self, data: Any, count: int) -> None:
        """Remember the number of features, and their names where `data` is a table that has names for them."""
        names = _names_of(data)
        self.n_features_in_ = count
        if names is not None:
            self.feature_names_in_ = np.array(names, object)
        elif hasattr(self, "feature_names_in_"):
            del self.feature_names_in_

    def _check_features(self, data: Any, count: int) -> None:
        if count != self.n_features_in_:
            raise DataError(
                f"X has {count} features, but {type(self).__name__} is expecting {self.n_features_in_} features as "
                "input: give points of the dimension it was fitted on"
            )
        names, known = _names_of(data), getattr(self, "feature_names_in_", None)
        if names is not None and known is not None and names != list(known):
            raise DataError(
                f"the columns of X are {', '.join(names)}, those it was fitted on {', '.join(known)}: give the same, "
                "in the same order"
            )


def _names_of(data: Any) -> list[str] | None:
    """Return the names of a table's columns, as pandas and polars have them; None for what has none but numbers.

    What other array-likes call `columns`, a method, a number or a text, is no names.
    """
    columns = getattr(data, "columns", None)
    try:
        names = [] if isinstance(columns, str) else list(columns)  # type: ignore[arg-type]
    except TypeError:
        return None
    return names if names and all(isinstance(name, str) for name in names) else None


def _not_fitted_error() -> type[NotInitialisedError]:
    """Our error; where scikit-learn is loaded, one that it also takes for its own."""
    exceptions = sys.modules.get("sklearn.exceptions")
    if exceptions is None:
        return NotInitialisedError
    return type("NotFittedError", (NotInitialisedError, exceptions.NotFittedError), {})
