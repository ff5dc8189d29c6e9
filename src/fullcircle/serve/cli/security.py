"""`fullcircle security`: what of the home is encrypted, encrypt or decrypt it, and change the key."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from fullcircle.model.counting import counted
from fullcircle.serve.cli import asker
from fullcircle.serve.cli.output import AsJson, ConfigFile, as_json, say, table
from fullcircle.serve.cli.run import Quiet
from fullcircle.serve.cli.terminal import plain


def register(app: typer.Typer) -> None:
    """Add the group `security`."""
    room = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Encryption of what is kept, and its keys.")
    room.command("new-key")(new_key)
    for verb in (status, apply, rotate):
        room.command()(verb)
    app.add_typer(room, name="security")


def new_key() -> None:
    """Print a new random key for [security]: 32 bytes in base64. Keep a copy where the home and its backups are not.

    \b
    Example:
      fullcircle security new-key > ~/fullcircle.key && chmod 600 ~/fullcircle.key
      # then, in fullcircle.toml:
      # [security]
      # encrypt = true
      # key = "file:/home/me/fullcircle.key"
    """
    from fullcircle.govern.kek import new_key as made

    typer.echo(made())


def status(config: ConfigFile = None, json: AsJson = False) -> None:
    """What of the home is encrypted, what is not and must be covered by the disk, and whether the disk is encrypted.

    \b
    Example:
      fullcircle security status
    """
    from fullcircle.ask.security import security
    from fullcircle.config.read import load_config

    settings = load_config(config)
    asker.enter(settings, "configure", "security status")
    rows = security(settings).to_pylist()
    if json:
        as_json(rows)
    else:
        table("What is kept, and how", rows, worth=("what", "encrypted", "note"))


def apply(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be written anew.")] = False,
    config: ConfigFile = None,
    quiet: Quiet = False,
    json: AsJson = False,
) -> None:
    """Encrypt the book and the landed files, or decrypt them, as [security] in the config says.

    A new home is made so from the start. To decrypt, set encrypt = false and leave the key until this has run. Killed at any
    time, it can be run again.

    \b
    Examples:
      fullcircle security apply --dry-run
      fullcircle security apply
    """
    from fullcircle.config.read import load_config
    from fullcircle.privacy.encrypting import apply as carry_out
    from fullcircle.serve.cli.progress import Bars

    with Bars(quiet) as bars:
        settings = load_config(config)
        asker.enter(settings, "configure", "security apply")
        done = carry_out(settings, bars, dry_run)
    if json:
        as_json({"dry_run": dry_run, **asdict(done)})
        return
    how = "encrypted" if done.encrypted else "decrypted"
    what = [*(["the book"] if done.book else []), *([counted(done.files, "landed file")] if done.files else [])]
    verb = "would be" if dry_run else "were" if len(what) > 1 or done.files > 1 else "was"
    say(f"{' and '.join(what)} {verb} {how}." if what else f"Nothing to do: the home is {how} already.")


def rotate(
    to: Annotated[str, typer.Option("--to", help="The new key: env:NAME, file:PATH or aws-kms:KEY.", show_default=False)],
    config: ConfigFile = None,
    json: AsJson = False,
) -> None:
    """Wrap the keys of the home with a new key, in one step. Afterwards, write the new key into [security].

    What is encrypted is not written anew: its own keys stay.

    \b
    Example:
      fullcircle security rotate --to env:NEW_FULLCIRCLE_KEY
    """
    from fullcircle.config.read import load_config
    from fullcircle.govern.kek import key_encryption_key
    from fullcircle.privacy.encrypting import rotate as wrap_again

    settings = load_config(config)
    asker.enter(settings, "configure", "security rotate")
    keys = wrap_again(settings, key_encryption_key(to, settings.folder))
    if json:
        as_json({"keys": keys, "key": to})
    else:
        say(f'{counted(keys, "key is", "keys are")} wrapped with the new key. Write key = "{plain(to)}" into \\[security] now.')
