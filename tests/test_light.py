"""What a server needs only now and then is not in its memory all day."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
HEAVY = ("openpyxl", "reportlab", "alembic", "wechatpy", "cryptography")


def test_what_reads_workbooks_and_draws_is_not_loaded_by_the_server() -> None:
    code = f"import sys; from bot import app, cli; print(*[name for name in {HEAVY!r} if name in sys.modules])"

    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)

    assert said.stdout.split() == []
