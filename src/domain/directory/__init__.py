"""The directory: people, teams and services, to which roles, owners and tiers refer."""

from domain.directory import leaving, person, service, team
from domain.directory.contact_check import ConfirmContact, remark_on_code
from domain.directory.person import (
    ChangePerson,
    DeactivatePerson,
    KnownPerson,
    PersonDecision,
    PersonEvent,
    PersonRegistered,
    PersonView,
    ReactivatePerson,
    RegisterPerson,
    ReleasePerson,
)
from domain.directory.registration import Entry
from domain.directory.service import (
    ChangeService,
    KnownService,
    RegisterService,
    ReleaseService,
    ServiceCommand,
    ServiceEvent,
    ServiceRegistered,
    ServiceView,
)
from domain.directory.team import (
    AddMember,
    ChangeTeam,
    DeactivateTeam,
    KnownTeam,
    ReactivateTeam,
    RegisterTeam,
    ReleaseTeam,
    RemoveMember,
    TeamCommand,
    TeamEvent,
    TeamRegistered,
    TeamView,
)
from domain.kernel.aggregate import Aggregate, IdKind, Samples, View
from domain.kernel.decider import Decider
from domain.kernel.totality import kinds, named

__all__ = ["PERSON", "SERVICE", "TEAM"]


def _samples_of_people() -> Samples[PersonDecision, PersonEvent]:
    from domain.directory.samples import PEOPLE  # noqa: PLC0415 - for documents and tests

    return PEOPLE


def _samples_of_teams() -> Samples[TeamCommand, TeamEvent]:
    from domain.directory.samples import TEAMS  # noqa: PLC0415 - likewise

    return TEAMS


def _samples_of_services() -> Samples[ServiceCommand, ServiceEvent]:
    from domain.directory.samples import SERVICES  # noqa: PLC0415 - likewise

    return SERVICES


PERSON: Aggregate[PersonDecision, KnownPerson, PersonEvent] = Aggregate(
    name="person",
    plural="people",
    decider=Decider(initial=KnownPerson(), decide=person.decide, evolve=person.evolve),
    events=kinds(PersonEvent),
    begin=(PersonRegistered,),
    commands=named(
        "commands on people",
        person.PersonCommand,
        {
            "register": RegisterPerson,
            "change": ChangePerson,
            "deactivate": DeactivatePerson,
            "reactivate": ReactivatePerson,
            "release": ReleasePerson,
            "confirm_contact": ConfirmContact,
        },
    ),
    opens=(RegisterPerson,),
    id_kind=IdKind.SLUG,
    slug=lambda command: command.slug,
    view=View(PersonView, person.show, person.headline),
    remarks={
        ConfirmContact: lambda command, known: remark_on_code(command, known.slug, known.checks)
    },
    remarks_on_roles={DeactivatePerson: leaving.remark_on_roles},
    samples=_samples_of_people,
)

TEAM: Aggregate[TeamCommand, KnownTeam, TeamEvent] = Aggregate(
    name="team",
    plural="teams",
    decider=Decider(initial=Entry(), decide=team.decide, evolve=team.evolve),
    events=kinds(TeamEvent),
    begin=(TeamRegistered,),
    commands=named(
        "commands on teams",
        TeamCommand,
        {
            "register": RegisterTeam,
            "change": ChangeTeam,
            "add_member": AddMember,
            "remove_member": RemoveMember,
            "deactivate": DeactivateTeam,
            "reactivate": ReactivateTeam,
            "release": ReleaseTeam,
        },
    ),
    opens=(RegisterTeam,),
    id_kind=IdKind.SLUG,
    slug=lambda command: command.slug,
    view=View(TeamView, team.show, team.headline),
    samples=_samples_of_teams,
)

SERVICE: Aggregate[ServiceCommand, KnownService, ServiceEvent] = Aggregate(
    name="service",
    plural="services",
    decider=Decider(initial=Entry(), decide=service.decide, evolve=service.evolve),
    events=kinds(ServiceEvent),
    begin=(ServiceRegistered,),
    commands=named(
        "commands on services",
        ServiceCommand,
        {"register": RegisterService, "change": ChangeService, "release": ReleaseService},
    ),
    opens=(RegisterService,),
    id_kind=IdKind.SLUG,
    slug=lambda command: command.slug,
    view=View(ServiceView, service.show, service.headline),
    samples=_samples_of_services,
)
