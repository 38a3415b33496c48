"""Each check of the verifier is needed: left out, it lets a bundle pass that must not pass.

Each bundle here is made by somebody who holds every secret and keeps every other rule.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from elections import verify
from elections.ballot import archive, canonical, tally, trustees
from elections.ballot.ballots import Fault
from elections.ballot.board import Structure
from elections.ballot.chain import Kind
from elections.ballot.group import random_exponent
from elections.ballot.trustees import Single, Threshold
from elections.verify import Check
from tests.elections.ballot import forgery
from tests.elections.ballot.stories import (
    GROUP,
    WHEN,
    Ceremony,
    Step,
    Story,
    Town,
    archived,
    codes,
    found_town,
    packed,
    plain,
    recertified,
    single_trustees,
    steps,
    written,
)

pytestmark = pytest.mark.usefixtures("remembered")


@dataclass
class Scene:
    """What the bundles are made from."""

    town: Town
    story: Story
    council: Town
    chosen: Story
    held: Ceremony

    @property
    def voting(self) -> Story:
        """While voting is open, with the first voter's ballot."""
        return replace(self.story.until(Kind.BALLOT), ballots=self.story.ballots[:1])

    def with_ballot(self, ballot: object, *, counted: bool = False) -> bytes:
        story = replace(self.voting, ballots=(self.story.ballots[1], canonical.write(ballot)))
        return written(self.town.counted(story) if counted else story)

    def lying(self, values: tuple[tuple[int, ...], ...], **options: object) -> bytes:
        return self.with_ballot(forgery.ballot(self.town.election, self.town.voters[0], values, **options))

    def packed(self) -> list[tuple[str, bytes]]:
        return packed(steps(self.story))

    def with_steps(self, alter: Callable[[list[Step]], object]) -> bytes:
        told = steps(self.story)
        alter(told)
        return archived(packed(told))


@pytest.fixture(scope="module")
def scene(singles: tuple[Town, Story], of_three: tuple[Town, Story, Ceremony]) -> Scene:
    return Scene(*singles, *of_three)


# --- the archive's form -----------------------------------------------------------------------------------------


def a_number_as_the_headers_time(scene: Scene) -> bytes:
    first = archive.member(archive.HEADER, canonical.write({"version": 1, "timestamp": WHEN}), WHEN)
    return first + written(scene.story)[len(archive.header(WHEN)) :]


def another_mode_in_a_tar_header(scene: Scene) -> bytes:
    content = bytearray(written(scene.story))
    content[1024 + 106 : 1024 + 107] = b"0"
    return bytes(content)


def a_member_of_another_time(scene: Scene) -> bytes:
    members = scene.packed()
    last = archive.member(*members[-1], WHEN + 1)
    return archived(members[:-1]) + last


def a_member_with_another_name(scene: Scene) -> bytes:
    members = scene.packed()
    members[2] = ("0" * 64 + archive.DATA, members[2][1])
    return archived(members)


def a_message_that_no_event_names(scene: Scene) -> bytes:
    return scene.with_steps(lambda told: told[-1].bodies.insert(0, b'"more"'))


def a_result_with_a_blank(scene: Scene) -> bytes:
    return written(replace(scene.story, result=(scene.story.result or b"") + b"\n"))


def an_event_with_another_parent(scene: Scene) -> bytes:
    return scene.with_steps(
        lambda told: setattr(told[3], "alter", lambda event: event.update(parent="0" * 64))
    )


def numbers_that_jump(scene: Scene) -> bytes:
    return scene.with_steps(
        lambda told: setattr(told[-1], "alter", lambda event: event.update(height=event["height"] + 1))
    )


def a_ballot_after_the_end(scene: Scene) -> bytes:
    def move(told: list[Step]) -> None:
        told[4], told[5] = told[5], told[4]

    return scene.with_steps(move)


def one_ballot_twice(scene: Scene) -> bytes:
    return scene.with_steps(lambda told: told.insert(5, told[4]))


# --- trustees ---------------------------------------------------------------------------------------------------


def with_trustees(story: Story, changed: trustees.Trustees) -> bytes:
    return written(replace(story, trustees=trustees.write_trustees(GROUP, changed)))


def a_key_without_proof(scene: Scene) -> bytes:
    first, second = scene.town.keyholders
    stolen = replace(first.keys[0], proof=second.keys[0].proof)
    return with_trustees(scene.story, (Single(stolen), second))


def threshold_of(scene: Scene) -> Threshold:
    (found,) = scene.council.keyholders
    assert isinstance(found, Threshold)
    return found


def a_certificate_for_another_place(scene: Scene) -> bytes:
    held = scene.held
    message = plain(held.certificates[1].message.encode())
    message["context"]["index"] = 3
    return with_trustees(
        scene.chosen, (recertified(held, threshold_of(scene), 1, canonical.write_text(message)),)
    )


def images_that_nobody_signed(scene: Scene) -> bytes:
    found = threshold_of(scene)
    first, second, third = found.coefficients
    return with_trustees(
        scene.chosen,
        (replace(found, coefficients=(replace(first, signature=second.signature), second, third)),),
    )


def certificates_that_nobody_signed(scene: Scene) -> bytes:
    found = threshold_of(scene)
    return with_trustees(scene.chosen, (replace(found, signatures=found.signatures[::-1]),))


def a_share_that_its_owner_did_not_sign(scene: Scene) -> bytes:
    found = threshold_of(scene)
    first, second, third = found.keys
    return with_trustees(
        scene.chosen, (replace(found, keys=(replace(first, signature=second.signature), second, third)),)
    )


def four_of_three_trustees(scene: Scene) -> bytes:
    return with_trustees(scene.chosen.until(Kind.BALLOT), (replace(threshold_of(scene), needed=4),))


# --- election and credentials -----------------------------------------------------------------------------------


def the_key_of_one_person_alone(scene: Scene) -> bytes:
    _, alone = single_trustees(1)
    _, published = single_trustees(2)
    town = found_town(scene.town.questions, alone, {}, voters=1)
    story = replace(town.opening(), trustees=trustees.write_trustees(GROUP, published))
    return written(replace(story, ballots=(town.cast(0, (1, 0), (0, 1, 0)),)))


def at_least_two_and_at_most_one(scene: Scene) -> bytes:
    message = plain(scene.story.election)
    message["questions"][0]["min"], message["questions"][0]["max"] = 2, 1
    return written(replace(scene.story.until(Kind.SETUP), election=canonical.write(message)))


def a_credential_times_minus_one(scene: Scene) -> bytes:
    town = scene.town
    secret = random_exponent(GROUP)
    ballot = forgery.ballot(town.election, secret, ((1, 0), (1, 0, 0)), stray_credential=True)
    listed = canonical.write(sorted([*town.public, ballot["credential"]]))
    return written(
        town.counted(replace(scene.voting, credentials=listed, ballots=(canonical.write(ballot),)))
    )


def a_credential_listed_twice(scene: Scene) -> bytes:
    listed = plain(scene.story.credentials)
    return written(replace(scene.story, credentials=canonical.write([*listed, listed[-1]])))


# --- ballots ----------------------------------------------------------------------------------------------------


def a_ballot_without_answers(scene: Scene) -> bytes:
    message = plain(scene.story.ballots[0])
    del message["answers"]
    return scene.with_ballot(message)


def a_ballot_of_nobody_on_the_list(scene: Scene) -> bytes:
    ballot = forgery.ballot(scene.town.election, random_exponent(GROUP), ((1, 0), (1, 0, 0)))
    return scene.with_ballot(ballot, counted=True)


def a_ballot_with_a_blank_between(scene: Scene) -> bytes:
    changed = scene.story.ballots[3].replace(b",", b", ", 1)
    return written(replace(scene.story, ballots=(*scene.story.ballots[:3], changed)))


HONEST = ((1, 0), (0, 1, 1))


def a_ballot_that_names_another_election(scene: Scene) -> bytes:
    return scene.lying(HONEST, uuid="1" * 22)


def a_ballot_that_names_other_questions(scene: Scene) -> bytes:
    return scene.lying(HONEST, named=forgery.fingerprint(b"{}"))


def a_ciphertext_times_minus_one(scene: Scene) -> bytes:
    return scene.lying(HONEST, stray=True)


def one_candidate_chosen_minus_once(scene: Scene) -> bytes:
    return scene.lying(((2, -1), (0, 1, 1)))


def too_many_candidates(scene: Scene) -> bytes:
    return scene.lying(((1, 1), (0, 1, 1)))


def blank_and_a_choice(scene: Scene) -> bytes:
    return scene.lying(((1, 0), (1, 1, 0)))


def a_signature_of_another_ballot(scene: Scene) -> bytes:
    return scene.lying(HONEST, signed_hash=forgery.fingerprint(b"{}"))


def a_signature_by_another_credential(scene: Scene) -> bytes:
    ballot = plain(scene.story.ballots[0])
    return scene.with_ballot(forgery.signed(ballot, scene.town.voters[3]), counted=True)


# --- tally, decryption and result -------------------------------------------------------------------------------


def a_tally_of_other_ballots(scene: Scene) -> bytes:
    fewer = scene.town.counted(replace(scene.voting, ballots=scene.story.ballots[:1]))
    story = replace(scene.story, table=fewer.table)
    return written(scene.town.decrypted(story))


def one_ballot_more_counted(scene: Scene) -> bytes:
    return written(replace(scene.story, counted=scene.story.counted + 1))


def one_vote_more_counted(scene: Scene) -> bytes:
    return written(replace(scene.story, weight=scene.story.weight + 1))


def a_decryption_by_trustee_nine(scene: Scene) -> bytes:
    (_, part), *_ = scene.story.parts
    return written(replace(scene.story, parts=(*scene.story.parts, (9, part))))


def two_decryptions_by_one_trustee(scene: Scene) -> bytes:
    (owner, part), *_ = scene.story.parts
    return written(replace(scene.story, parts=(*scene.story.parts, (owner, part))))


def a_factor_times_minus_one(scene: Scene) -> bytes:
    """The proof speaks of the factor only through its power, and an even power of -1 is 1."""
    table = tally.read_table(scene.town.election, scene.story.table or b"")
    while True:
        message = plain(tally.decrypt_part(scene.town.election, table, scene.town.secrets[1]))
        if int(message["decryption_proofs"][0][0]["challenge"]) % 2 == 0:
            break
    factor = int(message["decryption_factors"][0][0])
    message["decryption_factors"][0][0] = str(forgery.P - factor)
    story = replace(scene.story, parts=((1, canonical.write(message)),), result=None)
    return written(story)


def a_decryption_that_nobody_proved(scene: Scene) -> bytes:
    message = plain(scene.story.parts[0][1])
    message["decryption_proofs"][0].reverse()
    return written(replace(scene.story, parts=((1, canonical.write(message)), scene.story.parts[1])))


def a_result_of_too_few_trustees(scene: Scene) -> bytes:
    return written(replace(scene.chosen, parts=scene.chosen.parts[:1]))


def a_result_of_other_numbers(scene: Scene) -> bytes:
    result = plain(scene.story.result or b"")["result"]
    result[0].reverse()
    return written(replace(scene.story, result=tally.write_result(result)))


NEEDED: dict[str, Callable[[Scene], bytes]] = {
    Structure.HEADER: a_number_as_the_headers_time,
    Structure.FORM: another_mode_in_a_tar_header,
    Structure.TIME: a_member_of_another_time,
    Structure.NAME: a_member_with_another_name,
    Structure.DATA: a_message_that_no_event_names,
    Structure.CANONICAL: a_result_with_a_blank,
    Structure.PARENT: an_event_with_another_parent,
    Structure.HEIGHT: numbers_that_jump,
    Structure.ORDER: a_ballot_after_the_end,
    Structure.BALLOT_TWICE: one_ballot_twice,
    trustees.Fault.KEY: a_key_without_proof,
    trustees.Fault.CERTIFICATE: a_certificate_for_another_place,
    trustees.Fault.COEFFICIENTS: images_that_nobody_signed,
    trustees.Fault.SIGNATURES: certificates_that_nobody_signed,
    trustees.Fault.SHARE: a_share_that_its_owner_did_not_sign,
    trustees.Fault.THRESHOLD: four_of_three_trustees,
    Check.ELECTION_KEY: the_key_of_one_person_alone,
    Check.ELECTION_QUESTION: at_least_two_and_at_most_one,
    Check.CREDENTIAL_OUTSIDE_GROUP: a_credential_times_minus_one,
    Check.CREDENTIAL_TWICE: a_credential_listed_twice,
    Check.BALLOT_UNREADABLE: a_ballot_without_answers,
    Check.BALLOT_CREDENTIAL: a_ballot_of_nobody_on_the_list,
    Fault.NOT_CANONICAL: a_ballot_with_a_blank_between,
    Fault.OTHER_ELECTION: a_ballot_that_names_another_election,
    Fault.OTHER_FINGERPRINT: a_ballot_that_names_other_questions,
    Fault.OUTSIDE_GROUP: a_ciphertext_times_minus_one,
    Fault.INDIVIDUAL_PROOF: one_candidate_chosen_minus_once,
    Fault.OVERALL_PROOF: too_many_candidates,
    Fault.BLANK_PROOF: blank_and_a_choice,
    Fault.SIGNATURE_HASH: a_signature_of_another_ballot,
    Fault.SIGNATURE: a_signature_by_another_credential,
    Check.TALLY_VALUE: a_tally_of_other_ballots,
    Check.TALLY_COUNT: one_ballot_more_counted,
    Check.TALLY_WEIGHT: one_vote_more_counted,
    Check.PART_OWNER: a_decryption_by_trustee_nine,
    Check.PART_TWICE: two_decryptions_by_one_trustee,
    Check.PART_OUTSIDE_GROUP: a_factor_times_minus_one,
    Check.PART_PROOF: a_decryption_that_nobody_proved,
    Check.PARTS_MISSING: a_result_of_too_few_trustees,
    Check.RESULT: a_result_of_other_numbers,
}


def test_every_check_has_a_bundle_that_needs_it() -> None:
    asked_beside_it = {"head_missing"}  # of whoever wrote a head down: tests/elections/test_audit_bundle.py
    assert set(NEEDED) == set(verify.SENTENCES) - asked_beside_it


@pytest.mark.parametrize("code", sorted(NEEDED))
def test_without_the_check_a_bundle_passes_that_must_not(code: str, scene: Scene, tmp_path: Path) -> None:
    content = NEEDED[code](scene)
    assert codes(tmp_path / "altered.bel", content) == {code}
    assert codes(tmp_path / "altered.bel", content, without=[code]) == set()


def test_the_bundles_are_sound_before_they_are_altered(scene: Scene, tmp_path: Path) -> None:
    for story in (scene.story, scene.chosen):
        for kind in Kind:
            assert codes(tmp_path / "honest.bel", written(story.until(kind))) == set()
