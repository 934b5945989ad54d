"""opskit's own failures: what `error[OPS-X...]` means. None is a finding about a platform; all are live."""

from opskit.core.codes import Code


def _own(number: int, title: str, why: str, mend: str) -> Code:
    return Code(f"OPS-X{number:03d}", title, why, mend, live=True)


CODES: tuple[Code, ...] = (
    _own(0, "opskit failed", "opskit met something that its authors did not foresee. Your files are as the journal left them.",
         "Send the crash log that the message names; nothing secret stands in it."),
    _own(1, "opskit cannot do this", "The message says what and why.", "Follow the help line."),
    _own(2, "the manifest is broken", "opskit.toml or ports.toml cannot be read as it stands, so opskit would guess what to run.",
         "Mend the named file and line; `opskit init` writes a new one where none is."),
    _own(3, "the command line is off", "An option, a room or a name is not known, or a question could not be asked without a terminal.",
         "See `opskit COMMAND --help`; in CI give --yes or --dry-run."),
    _own(4, "another opskit is at work", "Two commands that write would trample each other.", "Wait for the named process, or end it."),
    _own(5, "no place for opskit's state", "`.opskit/` holds the journal that `undo` needs, and cannot be written.",
         "Make the platform's folder writable for the user who runs opskit."),
    _own(6, "a program is missing", "A command that opskit needs is not on PATH.", "Install it, or put its folder on PATH."),
    _own(7, "a program did not end", "Every wait has a limit; this one was reached.",
         "Run the named program by hand to see what it waits for."),
    _own(8, "the plan could not be written",
         "A file or a before-image could not be written (disk full, permissions). What was written was put back.",
         "Mend the cause, then run the command again."),
    _own(9, "the journal cannot be read", "An entry of the journal is damaged.",
         "Move its folder away; the before-images in it are plain files."),
    _own(10, "a link leads out of the platform",
         "opskit writes only inside the platform's folder.", "Change the linked file where it lives."),
    _own(11, "a file changed meanwhile", "Somebody wrote the file between the reading and the writing.", "Run the command again."),
    _own(12, "the report cannot be written", "--output names a place that cannot be written.", "Give another file."),
    _own(13, "nothing was changed", "The question was answered with no.", "Look closer with --dry-run --diff."),
    _own(15, "there is no baseline", "A gate that finds no baseline would pass everything or fail on everything, so it does neither.",
         "Write it once with `opskit check --update-baseline`, look at it, and commit it."),
    _own(14, "files have moved on", "A file differs from what opskit left in it, so `undo` did not touch it.",
         "Put that file back by hand; its before-image is in .opskit/journal."),
)
