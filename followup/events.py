"""The closed list of audit tags of the promise ledger."""

from __future__ import annotations

REPLY_PUBLISH = "followup:reply:publish"
REPLY_CORRECT = "followup:reply:correct"
PROMISE_EXTEND = "followup:promise:extend"
PROMISE_PASS_ON = "followup:promise:pass-on"
STEP_OWE = "followup:step:owe"
STEP_MEET = "followup:step:meet"
REGISTER_CONCLUDE = "followup:register:conclude"

REPLY_VERSION = "followup.reply_version"
PROMISE = "followup.promise"
REGISTER = "followup.register"
