// What can be wrong with what a trustee brings. Each has its sentence, `fault_…`, in elections/messages/trustee.py.

export type FaultName =
  | "sealed"
  | "command_line"
  | "passphrase"
  | "unreachable"
  | "archive"
  | "chain"
  | "threshold"
  | "trustees"
  | "not_yours"
  | "not_closed"
  | "ballot"
  | "proofs"
  | "product"
  | "other_tally"
  | "broken";

export class Fault extends Error {
  constructor(readonly fault: FaultName) {
    super(fault);
  }
}
