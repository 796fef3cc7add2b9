"""Lint: what authors should mend in their guidelines before people ask them.

Every rule is a function from the drafts to findings, and its docstring says what it looks for. A superseded version
stays as it is and is checked only for its id, its dates and its sensitivity.
"""

from knowledge.lint.drafts import Limits
from knowledge.lint.findings import Finding, Severity
from knowledge.lint.linting import lint
from knowledge.lint.reading import drafts_of, read_drafts

__all__ = ["Finding", "Limits", "Severity", "drafts_of", "lint", "read_drafts"]
