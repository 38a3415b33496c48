"""Minutes: the draft that is made of what was recorded, and the file to print."""

from __future__ import annotations

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.documents import papers, parts
from core.i18n import nearest, show_day
from motions.messages import meetings as words
from motions.models.meetings import Meeting
from motions.queries import meetings
from motions.queries.attendance import Room, ever_present, room_at
from motions.queries.meetings import MeetingHead, MinutesPage
from motions.queries.votes import VoteLine, votes_of_meeting


def draft(session: Session, head: MeetingHead) -> str:
    """The minutes in the council's language, Markdown, from presence, agenda, notes and votes. Of what is not public
    only that it was dealt with."""
    meeting = session.get_one(Meeting, head.id)
    room, present = room_at(session, meeting), ever_present(session, meeting)
    votes = votes_of_meeting(session, head.id)
    with force_locale(nearest(head.language)):
        lines = [
            _(
                "%(day)s, %(time)s, %(place)s",
                day=show_day(head.day, "full"),
                time=f"{head.starts:%H:%M}",
                place=head.place.best(head.language).text,
            ),
            _heading(_("Who was there")),
            _names(_("Present"), room, sorted(present)),
            _names(_("Excused"), room, sorted(room.excused - present)),
            _names(
                _("Absent"),
                room,
                sorted(
                    {each.member_id for each in room.members if not each.is_deputy} - present - room.excused
                ),
            ),
            _(
                "The council has %(seats)s seats. %(quorum)s members must be there for a decision.",
                seats=room.seats,
                quorum=room.quorum,
            ),
        ]
        for item in meetings.agenda_of(session, head.id):
            title = item.title.best(head.language).text if item.public else _("Not public")
            number = f" ({item.number})" if item.number and item.public else ""
            lines.append(_heading(f"{item.place}. {plain(title)}{number}"))
            if not item.public:
                continue
            if item.motion_id is not None:
                lines.append(meetings.paper(session, item.motion_id).text.best(head.language).text)
            if item.discussion:
                lines.append(item.discussion.best(head.language).text)
            lines += [_vote(vote, head.language) for vote in votes.get(item.id, []) if not vote.corrected]
    return "\n\n".join(line for line in lines if line) + "\n"


def minutes_file(head: MeetingHead, minutes: MinutesPage, language: str) -> bytes:
    """The minutes as PDF/UA; whoever reads a version that is not approved is told."""
    version = minutes.text.best(language)
    with force_locale(nearest(language)):
        data = {
            "title": _("Minutes"),
            "body": parts.localized(head.body_name, language),
            "state": str(words.MINUTES_STATES[minutes.state]),
            "day": show_day(minutes.approved_on or minutes.sent_on or minutes.written_on, "full"),
            "text": parts.markdown(version.text, version.language),
        }
    return papers.render("motions/minutes", language, data)


def plain(text: str) -> str:
    """A title that Markdown leaves as it is."""
    return "".join(f"\\{sign}" if sign in "\\`*_[]<>#" else sign for sign in text)


def _heading(title: str) -> str:
    return f"**{title}**"


def _names(label: str, room: Room, ids: list[int]) -> str:
    names = ", ".join(plain(room.name(id)) for id in ids if room.name(id))
    return f"{label}: {names}" if names else ""


def _vote(vote: VoteLine, language: str) -> str:
    question = plain(vote.question.best(language).text) if vote.question else ""
    head = f"**{words.about(vote.about, vote.objection)}**" + (f": {question}" if question else "")
    if vote.change:
        head += f": {_('Change %(number)s', number=vote.change)}"
    figures = _(
        "%(way)s. Yes: %(yes)s. No: %(no)s. Abstentions: %(abstain)s.",
        way=words.WAYS[vote.way],
        yes=vote.yes,
        no=vote.no,
        abstain=vote.abstain,
    )
    sentences = [head + ".", figures]
    if vote.silent:
        sentences.append(_("Took no part: %(count)s.", count=vote.silent))
    if vote.invalid:
        sentences.append(_("Invalid papers: %(invalid)s.", invalid=vote.invalid))
    if vote.excluded:
        names = ", ".join(plain(name) for name in vote.excluded)
        sentences.append(_("Without vote, because of an interest of their own: %(names)s.", names=names))
    sentences.append(f"**{words.outcome(vote.adopted, vote.about)}.**")
    sentences += [words.reason(each.ground, each.have, each.need) for each in vote.reasons]
    text = " ".join(sentences)
    for choice, label in words.CHOICES.items():
        names = ", ".join(plain(each.name) for each in vote.names if each.choice == choice)
        if names:
            text += f"\n\n{label}: {names}"
    return text
