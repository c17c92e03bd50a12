"""What went wrong → one exception per thing a user can mend.

KhabarError
├── InputError       a report or a row that cannot be read; lands in `failures`, the run goes on
├── KnowledgeError   a rule file, registry or gazetteer that does not follow its form
├── RecordError      a record file that is missing, locked, or of another version
├── QuestionError    a question whose place, actor, date or id the record does not know
└── OutdatedError    what was kept for an answer is there no more: to be asked again of the record as it is
"""


class KhabarError(Exception):
    """Base of all errors with a message for the user: what was found, what was expected, what to do."""

    code = "error"


class InputError(KhabarError):
    """A report that cannot be read. `code` is one word for machines: empty, binary, language, json, missing …"""

    def __init__(self, message: str, *, code: str = "input") -> None:
        super().__init__(message)
        self.code = code


class KnowledgeError(KhabarError):
    """A rule, registry or gazetteer file that does not follow its form."""

    code = "knowledge"


class RecordError(KhabarError):
    """A record file that is missing, locked or of another version."""

    code = "record"


class QuestionError(KhabarError):
    """A question that names a place, actor, date or id that the record does not know."""

    code = "question"


class OutdatedError(KhabarError):
    """What an answer was begun with was let go or made anew by another; asked again, it is there."""

    code = "outdated"
