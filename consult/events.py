"""The closed list of audit tags of consultation rounds."""

from __future__ import annotations

ROUND_CREATE = "consult:round:create"
ROUND_DESCRIBE = "consult:round:describe"
ROUND_PUBLISH = "consult:round:publish"
ROUND_RETIME = "consult:round:retime"
DRAFT_IMPORT = "consult:draft:import"
SUBMISSION_RECEIVE = "consult:submission:receive"
SUBMISSION_RELEASE = "consult:submission:release"
SUBMISSION_HIDE = "consult:submission:hide"
SUBMISSION_SHOW = "consult:submission:show"
SUBMISSION_CORRECT_LANGUAGE = "consult:submission:correct-language"
SUBMISSION_ERASE = "consult:submission:erase"
RECONSIDERATION_RECEIVE = "consult:reconsideration:receive"

ROUND = "consult.round"
DRAFT = "consult.draft"
SUBMISSION = "consult.submission"
PUBLIC_TEXT = "consult.public_text"
RECONSIDERATION = "consult.reconsideration"
