"""What the register says of every table. To add one: an `Entry` here, with its data in words.

A table about people lists all its columns; another may say `REST` of those that tell of nobody.
"""

from .. import (
    Accompaniment,
    AccompanimentRequest,
    Account,
    Action,
    ActionList,
    ActionListItem,
    ActionVersion,
    Agreement,
    Answer,
    AnswerLink,
    Attachment,
    AuditEntry,
    Bookmark,
    BulkChunk,
    BulkImport,
    CharterArticle,
    CharterCheck,
    CharterSignature,
    CharterVersion,
    Correction,
    Diagnostic,
    DomainLine,
    EmployerLink,
    EmploymentEntry,
    EmploymentPoint,
    Engagement,
    ExternalIdentity,
    Handover,
    Invitation,
    JoinRequest,
    LiaisonNote,
    LiaisonSheet,
    Membership,
    NeedDecision,
    OneTimeLink,
    Organisation,
    OutgoingEmail,
    Pathway,
    PathwayTime,
    Person,
    PersonNotice,
    PersonSession,
    Plan,
    PlanPriority,
    PlanStep,
    Prescription,
    QuestionProposal,
    QuestionVote,
    RecoveryCode,
    RecruitmentOperation,
    RecruitmentPartner,
    RecruitmentStage,
    Rectification,
    ReviewReminder,
    SavedSearch,
    SealingKey,
    SecondFactor,
    Session,
    SignInThrottle,
    Submission,
    TaskRun,
    TemplateVersion,
    TrainingCompletion,
    Transition,
    UnmetNeed,
    Waiver,
    YearOfPassages,
)  # fmt: skip
from ..base import N_
from .activities import (
    ACCOMPANIMENT,
    ACCOUNTS,
    BANK,
    FOLLOWING,
    MESSAGES,
    NETWORK,
    OWN_SPACE,
    PRESCRIBING,
    TRACES,
)  # fmt: skip
from .form import NOTHING_PERSONAL, REST, Data, Entry, nobody

# How long, in the words of several tables.
WITH_THE_FILE = N_(
    "24 mois après le dernier contact, ou après la fermeture du dossier. Un mois avant, la "
    "personne et son référent sont prévenus. Un dossier sans aucun accord : 7 jours."
)
WITH_THE_ACCOUNT = N_("Tant que le compte existe.")
WITH_THE_SHEET = N_("Tant que la fiche existe.")
PROOF = N_("Un engagement doit pouvoir être prouvé.")
MEMORY = N_("Ce que la banque d’actions publie, et qui en répond, doit rester lisible.")
PUBLIC = N_("Ce sont des faits publics du réseau.")

# Why a column is not in the person’s export.
_SECRET = N_("Un secret : l’écrire dans un fichier le mettrait en danger.")
_FINGERPRINT = N_("Calculé à partir de ce qui est déjà dans l’export.")
_MACHINERY = N_("Sert au portail seul, et n’apprend rien d’autre.")
_OF_PROVIDER = N_("L’adresse d’un organisme, que sa fiche publie.")
_IN_HER_SPACE = N_("Un papier se télécharge depuis son espace, avec la demande qu’il accompagne.")
_COUNTED = N_("Compté pour tous : rien n’y dit de qui.")

_LINK = N_("À qui appartient la ligne")
_TIMES = N_("Dates et état")
_NOTED_BY = Data(N_("Qui l’a noté, et si cela tient encore"), "account organisation replaced_at")
_PROPOSED = Data(
    N_("Qui le propose, et ce qu’elle répond"),
    "account organisation agreed_at given end ended_at",
)
_WRITING = Data(N_("À quelle écriture"), "revision", withheld=_MACHINERY)

ENTRIES = (
    # The person and her file
    Entry(
        Person, ACCOMPANIMENT, N_("La personne"), WITH_THE_FILE,
        (
            Data(N_("Nom et prénom"), "family_name given_name", is_sealed=True),
            Data(N_("Téléphone et courriel"), "phone email", is_sealed=True),
            Data(
                N_("Empreintes, pour retrouver un dossier sans lire un nom"),
                "family_hash given_hash phone_hash email_hash", withheld=_FINGERPRINT,
            ),
            Data(N_("Année de naissance et commune"), "birth_year commune_code"),
            Data(N_("Langue, et comment joindre la personne"), "contact_by language"),
            Data(
                N_("RSA : oui, non, ou « ne veut pas le dire »"), "receives_rsa",
                note=N_("Jamais dans une liste ni dans un export, sauf celui de la personne."),
            ),
            Data(N_("Identifiant, et date du code d’accès"), "identifier access_made_at"),
            Data(N_("Code d’accès, illisible"), "access_hash", withheld=_SECRET),
            Data(
                N_("Code d’accès neuf, une heure, pour l’imprimer"), "fresh_access",
                is_sealed=True, withheld=_SECRET,
            ),
            Data(N_("Qui peut l’imprimer"), "fresh_access_for", withheld=_MACHINERY),
            Data(N_("Qui a ouvert le dossier, et où"), "started_by started_in"),
            Data(N_("Dernier contact, fermeture"), "last_contact_on closed_at"),
            Data(
                N_("Effacement, personne inventée pour la démonstration"),
                "anonymised_at is_demonstration", withheld=_MACHINERY,
            ),
        ),
    ),
    Entry(
        Agreement, ACCOMPANIMENT, N_("Ses accords de partage"), WITH_THE_FILE,
        (
            Data(_LINK, "person slot", withheld=_MACHINERY),
            Data(N_("À qui, et quoi"), "organisation domains has_passport"),
            Data(
                N_("Comment, et jusqu’à quand"),
                "given paper_reference signed_on recorded_by ends_on ended_at end",
            ),
            Data(N_("Numéro du texte accepté"), "wording"),
            Data(N_("Empreinte du texte accepté"), "wording_hash", withheld=_FINGERPRINT),
        ),
        goes_with=Person,
    ),
    Entry(
        Accompaniment, ACCOMPANIMENT, N_("Ses référents"), WITH_THE_FILE,
        (
            Data(_LINK, "person slot lead_slot", withheld=_MACHINERY),
            Data(
                N_("Qui, depuis quand, et pourquoi"),
                "account organisation role start_reason ended_at end_reason",
            ),
        ),
        goes_with=Person,
    ),
    Entry(
        PersonNotice, ACCOMPANIMENT, N_("Ce que le portail lui dit"),
        N_("Six mois après sa lecture, et jamais plus que le dossier."),
        (
            Data(_LINK, "person", withheld=_MACHINERY),
            Data(N_("Ce qui est arrivé, et avec qui"), "news account_id organisation_id read_at"),
        ),
    ),
    Entry(
        PersonSession, OWN_SPACE, N_("Ses visites"), N_("Un jour après leur fin."),
        (
            Data(_LINK, "person", withheld=_MACHINERY),
            Data(N_("Clé du navigateur, illisible"), "token_hash", withheld=_SECRET),
            Data(N_("Quand, et sur quel genre d’appareil"), "is_shared seen_at ended_at"),
        ),
    ),
    Entry(
        AuditEntry, TRACES, N_("Les traces"),
        N_("Douze mois."),
        (
            Data(_LINK, "person_id", withheld=_MACHINERY),
            Data(N_("Qui, et pour quel organisme"), "actor_id actor_person_id organisation_id"),
            Data(N_("Quel acte"), "act"),
            Data(
                N_("Sur quoi, sans aucun mot du dossier"), "subject_type subject_id changes",
                withheld=_MACHINERY,
            ),
        ),
    ),
    Entry(
        Rectification, ACCOMPANIMENT, N_("Ses demandes de correction"), WITH_THE_FILE,
        (
            Data(_LINK, "person slot", withheld=_MACHINERY),
            Data(N_("La bonne réponse, d’après elle"), "proposed", is_sealed=True),
            Data(N_("Ce qui est demandé, et la réponse"),
                 "item state refusal decided_by decided_at"),
        ),
        goes_with=Person,
    ),
    Entry(
        Pathway, ACCOMPANIMENT, N_("Son parcours"), WITH_THE_FILE,
        (
            Data(_LINK, "person slot", withheld=_MACHINERY),
            Data(N_("Lequel, pourquoi, et depuis quand"),
                 "organisation kind reason started_on ended_on end"),
        ),
        goes_with=Person,
    ),
    Entry(
        PathwayTime, ACCOMPANIMENT, N_("Les temps de son parcours"), WITH_THE_FILE,
        (
            Data(_LINK, "person slot", withheld=_MACHINERY),
            Data(N_("Lequel, et depuis quand"), "organisation time started_on ended_on end"),
        ),
        goes_with=Person,
    ),
    Entry(
        AccompanimentRequest, ACCOMPANIMENT, N_("Qui demande à l’accompagner"),
        N_("Deux mois, et jamais plus que le dossier."),
        (
            Data(_LINK, "person", withheld=_MACHINERY),
            Data(N_("Qui demande, et la réponse"),
                 "account organisation expires_on answer answered_at"),
        ),
    ),
    Entry(
        Handover, ACCOMPANIMENT, N_("Les relais proposés"), WITH_THE_FILE,
        (
            Data(_LINK, "person slot", withheld=_MACHINERY),
            Data(N_("À qui, pourquoi, et la réponse"),
                 "account organisation reason start_reason stays expires_on end ended_at"),
        ),
        goes_with=Person,
    ),
    Entry(
        Diagnostic, ACCOMPANIMENT, N_("Ses diagnostics"), WITH_THE_FILE,
        (
            Data(_LINK, "person slot previous revision", withheld=_MACHINERY),
            Data(N_("Quelle trame, à quel moment"), "version moment"),
            Data(N_("Qui l’a commencé et validé, et quand"),
                 "started_by written_at validated_at validated_by"),
        ),
        goes_with=Person,
    ),
    Entry(
        Answer, ACCOMPANIMENT, N_("Ses réponses"), WITH_THE_FILE,
        (
            Data(_LINK, "diagnostic"),
            Data(N_("Quelle question, répondue ou refusée"), "question state"),
            Data(N_("La réponse"), "value", is_sealed=True),
            _NOTED_BY, _WRITING,
        ),
        goes_with=Diagnostic,
    ),
    Entry(
        DomainLine, ACCOMPANIMENT, N_("Où en est chaque domaine"), WITH_THE_FILE,
        (
            Data(_LINK, "diagnostic"),
            Data(N_("Quel domaine, et si la personne est d’accord"), "domain opinion opinion_at"),
            Data(N_("Point d’appui ou besoin, gêne et leviers"), "content", is_sealed=True),
            _NOTED_BY, _WRITING,
        ),
        goes_with=Diagnostic,
    ),
    Entry(
        NeedDecision, ACCOMPANIMENT, N_("Les besoins qu’elle garde"), WITH_THE_FILE,
        (
            Data(_LINK, "diagnostic"),
            Data(N_("Quel besoin, gardé ou non"), "content", is_sealed=True),
            _NOTED_BY, _WRITING,
        ),
        goes_with=Diagnostic,
    ),
    Entry(
        Plan, ACCOMPANIMENT, N_("Ses plans d’action"), WITH_THE_FILE,
        (
            Data(_LINK, "person slot revision previous", withheld=_MACHINERY),
            Data(N_("Qui le commence, le termine, et quand"),
                 "organisation started_by closed_by closed_at"),
            Data(N_("Le prochain point"), "meets_on meets_by"),
            Data(N_("Ce qu’elle accepte ou veut changer"), "agreed_at change_asked_at"),
        ),
        goes_with=Person,
    ),
    Entry(
        PlanPriority, ACCOMPANIMENT, N_("Les priorités de son plan"), WITH_THE_FILE,
        (
            Data(_LINK, "plan diagnostic"),
            Data(N_("Sa place, et si le besoin est levé"), "place outcome"),
            Data(N_("Quel besoin"), "content", is_sealed=True),
        ),
        goes_with=Plan,
    ),
    Entry(
        PlanStep, ACCOMPANIMENT, N_("Les étapes de son plan"), WITH_THE_FILE,
        (
            Data(_LINK, "priority"),
            Data(N_("L’action choisie"), "content", is_sealed=True),
            Data(N_("Quand elle commence"), "starts_on"),
            _PROPOSED,
        ),
        goes_with=PlanPriority,
    ),
    Entry(
        Engagement, ACCOMPANIMENT, N_("Ce que chacun fait"), WITH_THE_FILE,
        (
            Data(_LINK, "step"),
            Data(N_("Quoi"), "content", is_sealed=True),
            Data(N_("Qui, avant quand, et si c’est fait"), "side account due_on done_at done_by"),
        ),
        goes_with=PlanStep,
    ),
    Entry(
        Waiver, ACCOMPANIMENT, N_("Ses demandes de moins d’heures"), WITH_THE_FILE,
        (
            Data(_LINK, "plan"),
            Data(N_("Le motif et les heures"), "content", is_sealed=True),
            Data(N_("Jusqu’à quand"), "ends_on"),
            _PROPOSED,
        ),
        goes_with=Plan,
    ),
    Entry(
        Prescription, PRESCRIBING, N_("Les demandes faites pour elle"),
        N_("24 mois, puis nous oublions qui, et gardons les dates. Ce qui est partagé n’est plus "
           "lisible par l’organisme 6 mois après l’envoi, ou dès que la demande est close."),
        (
            Data(_LINK, "person step slot revision", withheld=_MACHINERY),
            Data(N_("Ce qui est partagé avec l’organisme"), "content", is_sealed=True),
            Data(N_("Quelle action, de qui, demandée par qui"),
                 "action provider account organisation"),
            Data(N_("Comment elle a accepté"), "given"),
            Data(N_("La réponse, et ce qui est arrivé"),
                 "state refusals other_day starts_on outcome outcome_on"),
            Data(N_("Quand rappeler, quand clore, si la charte liait l’organisme"),
                 "expires_at reminded_at is_bound", withheld=_MACHINERY),
            Data(_TIMES, "sent_at answered_at ended_at"),
        ),
        because=N_("Des dates et des états sans personne, qui disent combien de temps on attend."),
    ),
    Entry(
        Transition, PRESCRIBING, N_("L’histoire de ces demandes"), WITH_THE_FILE,
        (
            Data(_LINK, "prescription"),
            Data(N_("Qui, et pour qui"), "side account organisation"),
            Data(N_("Quoi"), "move said"),
        ),
        goes_with=Prescription,
    ),
    Entry(
        AnswerLink, PRESCRIBING, N_("Les liens pour y répondre sans compte"),
        N_("60 jours après sa fin."),
        (
            Data(_LINK, "prescription slot", withheld=_MACHINERY),
            Data(N_("Adresse de l’organisme"), "recipient", withheld=_OF_PROVIDER),
            Data(N_("Le lien, illisible"), "token_hash", withheld=_SECRET),
            Data(N_("Jusqu’à quand il ouvre, s’il a été ouvert"), "expires_at opened_at",
                 withheld=_MACHINERY),
        ),
    ),
    Entry(
        Attachment, PRESCRIBING, N_("Les papiers joints à ces demandes"),
        N_("6 mois après l’envoi de la demande ; l’organisme ne les lit plus dès qu’elle est "
           "close."),
        (
            Data(_LINK, "prescription"),
            Data(N_("Ce que c’est : type de papier, numéro, taille"),
                 "number kind media_type size"),
            Data(N_("Le papier lui-même"), "content", is_sealed=True, withheld=_IN_HER_SPACE),
        ),
    ),
    Entry(
        LiaisonSheet, PRESCRIBING, N_("Ses fiches de liaison"), WITH_THE_FILE,
        (
            Data(_LINK, "prescription"),
            Data(N_("Ce qui garde la fiche unique"), "slot", withheld=_MACHINERY),
            Data(N_("Comment elle a accepté, avec qui"), "given account organisation"),
            Data(N_("Quel employeur, et ce qu’il lit"), "shown", is_sealed=True),
            Data(N_("Quand elle l’a arrêtée"), "ended_at"),
        ),
        goes_with=Prescription,
    ),
    Entry(
        LiaisonNote, PRESCRIBING, N_("Les difficultés signalées en formation"), WITH_THE_FILE,
        (
            Data(_LINK, "sheet"),
            Data(N_("Quelle difficulté, quels aménagements, jamais la cause"), "content",
                 is_sealed=True),
            Data(N_("Qui la signale, depuis quand, est-ce urgent"), "account since is_urgent"),
            Data(N_("Ce qui est fait"), "state taken_by taken_at lifted_at"),
        ),
        goes_with=LiaisonSheet,
    ),
    Entry(
        EmployerLink, PRESCRIBING, N_("Les liens d’un employeur"), WITH_THE_FILE,
        (
            Data(_LINK, "sheet slot", withheld=_MACHINERY),
            Data(N_("Le lien, illisible"), "token_hash", withheld=_SECRET),
            Data(N_("Jusqu’à quand il ouvre"), "expires_at", withheld=_MACHINERY),
        ),
        goes_with=LiaisonSheet,
    ),
    Entry(
        EmploymentEntry, PRESCRIBING, N_("Ses entrées en emploi"), WITH_THE_FILE,
        (
            Data(_LINK, "person prescription slot", withheld=_MACHINERY),
            Data(N_("Depuis quand, noté par qui"), "started_on account organisation"),
            Data(N_("Jusqu’à quand, et pourquoi c’est fini"), "ended_at end"),
        ),
        goes_with=Person,
    ),
    Entry(
        EmploymentPoint, PRESCRIBING, N_("Les points après une entrée en emploi"), WITH_THE_FILE,
        (
            Data(_LINK, "entry"),
            Data(N_("Quand, et ce qu’elle répond"),
                 "months due_on asked_at answer answered_at how account"),
            Data(N_("Le lien pour répondre, illisible"), "token_hash", withheld=_SECRET),
            Data(N_("Jusqu’à quand il ouvre, et qui est prévenu"), "link_ends_at told_at",
                 withheld=_MACHINERY),
        ),
        goes_with=EmploymentEntry,
    ),
    Entry(
        YearOfPassages, ACCOMPANIMENT,
        N_("Ce que deviennent les besoins, compté par domaine et par année"),
        N_("Trois ans après la fin de l’année comptée."),
        (
            Data(N_("L’année"), "year", withheld=_COUNTED),
            Data(N_("Combien de personnes, d’un état à l’autre"), "counts", is_sealed=True,
                 withheld=_COUNTED),
        ),
    ),
    # Professionals
    Entry(
        Account, ACCOUNTS, N_("Les comptes"),
        N_("Tant que le compte sert, puis tant que ses signatures prouvent un engagement."),
        (
            Data(N_("Nom, adresse électronique, langue"), "name identifier language"),
            Data(N_("Mot de passe, illisible"), "password_hash"),
            Data(N_("Rôle et état"), "role is_active is_demonstration"),
        ),
        because=PROOF,
    ),
    Entry(
        SecondFactor, ACCOUNTS, N_("Le second code du téléphone"), WITH_THE_ACCOUNT,
        (
            Data(_LINK, "account last_step ready_at"),
            Data(N_("Secrets"), "secret next_secret codes_list", is_sealed=True),
        ),
        goes_with=Account,
    ),
    Entry(
        RecoveryCode, ACCOUNTS, N_("Les codes de secours"), WITH_THE_ACCOUNT,
        (Data(N_("Codes, illisibles"), "factor number code_hash used_at"),),
        goes_with=SecondFactor,
    ),
    Entry(
        Session, ACCOUNTS, N_("Les connexions"), N_("Un jour après leur fin."),
        (
            Data(N_("Clé du navigateur, illisible"), "account token_hash"),
            Data(N_("Navigateur et système"), "browser system"),
            Data(N_("Jeton du fournisseur d’identité"), "id_token", is_sealed=True),
            Data(_TIMES, "seen_at ended_at second_factor_at"),
        ),
    ),
    Entry(
        SignInThrottle, ACCOUNTS, N_("Les essais de connexion"), N_("Un jour."),
        (Data(N_("Identifiant, illisible, et nombre d’essais"), REST),),
    ),
    Entry(
        OneTimeLink, ACCOUNTS, N_("Les liens à usage unique"), N_("Un jour après leur fin."),
        (Data(N_("À qui, pour quoi, et la clé illisible"), REST),),
    ),
    Entry(
        ExternalIdentity, ACCOUNTS, N_("Les identités externes"), WITH_THE_ACCOUNT,
        (Data(N_("Numéro du compte chez le fournisseur d’identité"), "account issuer subject"),),
        goes_with=Account,
    ),
    Entry(
        Membership, NETWORK, N_("Les membres des organismes"),
        N_("Tant que ses signatures prouvent un engagement."),
        (
            Data(N_("Qui, où, et dans quel rôle"), "account organisation slot is_manager is_lead"),
            Data(
                N_("Sa fiche de référent"),
                "function zones audiences availability phone email is_listed",
            ),
            Data(N_("Date de départ"), "ended_at"),
        ),
        because=PROOF,
    ),
    Entry(
        CharterSignature, NETWORK, N_("Les signatures de la charte"),
        N_("Sans limite : ce sont des preuves."),
        (
            Data(N_("Qui s’engage, et pour qui"), "account organisation capacity slot"),
            Data(N_("Noms et fonction du jour"), "signer_name signer_function organisation_name"),
            Data(N_("Texte signé et dates"), "version text_hash withdrawn_at"),
        ),
        because=PROOF,
    ),
    Entry(
        TrainingCompletion, NETWORK, N_("Les formations suivies"), WITH_THE_ACCOUNT,
        (Data(N_("Qui, quand, attesté par qui"), "account done_on recorded_by cancelled_at"),),
        goes_with=Account,
    ),
    Entry(
        JoinRequest, NETWORK, N_("Les demandes d’adhésion"), N_("Deux ans après la réponse."),
        (
            Data(
                N_("Nom, fonction et adresse du contact"),
                "contact_name contact_function contact_email",
            ),
            Data(N_("Qui a répondu"), "decided_by"),
            NOTHING_PERSONAL,
        ),
    ),
    Entry(
        Invitation, NETWORK, N_("Les invitations"), N_("Un an."),
        (
            Data(N_("Nom et adresse de l’invité"), "name email slot"),
            Data(N_("Qui invite"), "invited_by"),
            NOTHING_PERSONAL,
        ),
    ),
    Entry(
        Organisation, BANK, N_("Les organismes"), N_("Tant que l’organisme agit ou a agi."),
        (Data(N_("Téléphone et courriel publiés"), "phone email"), NOTHING_PERSONAL),
        because=PUBLIC,
    ),
    Entry(
        Action, BANK, N_("Les fiches d’action"), N_("Tant que l’action existe ou a existé."),
        (
            Data(N_("Contact publié"), "phone email referral_contact"),
            Data(N_("Organisme qui confirme, témoignages"), "verified_by testimonials"),
            NOTHING_PERSONAL,
        ),
        because=MEMORY,
    ),
    Entry(
        ActionVersion, BANK, N_("Les versions d’une fiche"), WITH_THE_SHEET,
        (Data(N_("Qui a écrit"), "account"), NOTHING_PERSONAL),
        goes_with=Action,
    ),
    Entry(
        ReviewReminder, BANK, N_("Les rappels de vérification"), N_("Trois mois."),
        (Data(N_("À qui, et la clé illisible du lien"), "account token_hash"), NOTHING_PERSONAL),
    ),
    Entry(
        Correction, BANK, N_("Les corrections proposées"), N_("Deux ans après la réponse."),
        (Data(N_("Qui propose, qui répond, avec quels mots"), "account decided_by message answer"),
         NOTHING_PERSONAL),
    ),
    Entry(
        BulkImport, BANK, N_("Les dépôts de tableur"), N_("Trente jours."),
        (Data(N_("Qui dépose et qui publie"), "account publisher"), NOTHING_PERSONAL),
    ),
    Entry(
        Bookmark, FOLLOWING, N_("Les favoris"), WITH_THE_ACCOUNT,
        (Data(N_("Qui, quelle action, quelle note"), "account action note removed_at"),),
    ),
    Entry(
        ActionList, FOLLOWING, N_("Les listes"), WITH_THE_ACCOUNT,
        (Data(N_("Qui, et sous quel nom"), "account name"), NOTHING_PERSONAL),
        goes_with=Account,
    ),
    Entry(
        SavedSearch, FOLLOWING, N_("Les recherches enregistrées"), WITH_THE_ACCOUNT,
        (
            Data(N_("Qui, et ce qui est cherché"), "account name query"),
            Data(N_("Clés des liens"), "feed_token stop_hash"),
            Data(N_("Clé du lien d’arrêt"), "stop_secret", is_sealed=True),
            NOTHING_PERSONAL,
        ),
        goes_with=Account,
    ),
    Entry(
        OutgoingEmail, MESSAGES, N_("Les courriels"), N_("Trente jours après l’envoi."),
        (
            Data(N_("Adresse d’un professionnel, langue"), "recipient language"),
            Data(
                N_("Adresse d’une personne et ce qui remplit le texte, effacés à l’envoi"),
                "sealed_recipient content", is_sealed=True,
            ),
            NOTHING_PERSONAL,
        ),
    ),
    Entry(
        QuestionVote, ACCOMPANIMENT, N_("Les votes sur les questions de la trame"),
        N_("Tant que le dossier, ou le compte, existe."),
        (
            Data(N_("Sur quoi, et pour ou contre"), "proposal ballot"),
            Data(N_("Qui vote, et son rôle"), "person account role", withheld=_MACHINERY),
        ),
        goes_with=QuestionProposal,
    ),
    Entry(
        TemplateVersion, ACCOMPANIMENT, N_("Les versions de la trame"), N_("Sans limite."),
        (
            Data(N_("Qui a publié"), "published_by"),
            Data(N_("Les questions, qui ne parlent de personne"),
                 "key number content content_hash published_at"),
        ),
        because=N_("Un diagnostic ancien doit pouvoir être relu à la lettre."),
    ),
    # What tells of nobody
    nobody(Submission, N_("Les formulaires déjà traités"), N_("Sept jours.")),
    nobody(TaskRun, N_("Ce que le portail a fait de lui-même"), N_("Trente jours.")),
    nobody(CharterVersion, N_("Les versions de la charte"), N_("Sans limite."), because=PROOF),
    nobody(CharterArticle, N_("Ses articles"), N_("Sans limite."), goes_with=CharterVersion),
    nobody(CharterCheck, N_("Ses contrôles du mois"), N_("Sans limite."), because=PUBLIC),
    nobody(QuestionProposal, N_("Ce qui est demandé aux questions de la trame"),
           N_("Sans limite."), because=N_("Une question garde qui l’a demandée, par son rôle.")),
    nobody(UnmetNeed, N_("Les besoins sans réponse, comptés"), N_("Trois ans.")),
    nobody(ActionListItem, N_("Les actions d’une liste"), N_("Comme la liste."),
           goes_with=ActionList),
    nobody(BulkChunk, N_("Les lignes d’un dépôt"), N_("Trente jours."), goes_with=BulkImport),
    nobody(SealingKey, N_("Les clés qui scellent, par leur numéro"), N_("Sans limite."),
           because=N_("Une sauvegarde ancienne doit pouvoir être ouverte.")),
    nobody(RecruitmentOperation, N_("Les opérations de recrutement"), N_("Sans limite."),
           because=PUBLIC),
    nobody(RecruitmentStage, N_("Leurs étapes"), N_("Sans limite."),
           goes_with=RecruitmentOperation),
    nobody(RecruitmentPartner, N_("Leurs organismes"), N_("Sans limite."),
           goes_with=RecruitmentOperation),
)  # fmt: skip
