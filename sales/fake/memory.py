"""What a played vendor remembers between two runs, as a script in-world does in its own store: the
question that it has not heard the answer of, and what it has paid.
"""

import json
import os
import uuid
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Memory:
    """Kept in a file, written anew as a whole before anything is sent."""

    file: Path
    run: str = field(default_factory=lambda: uuid.uuid4().hex[:12])
    asked: int = 0
    sold: int = 0
    open: dict[str, Any] | None = None
    paid: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, file: Path) -> "Memory":
        """What stands in the file, if there is one."""
        said = json.loads(file.read_text()) if file.exists() else {}
        return cls(file, **said)

    def save(self) -> None:
        said = asdict(self)
        del said["file"]
        self.file.parent.mkdir(parents=True, exist_ok=True)
        part = self.file.with_suffix(".part")
        with part.open("w") as written:
            json.dump(said, written)
            written.flush()
            os.fsync(written.fileno())
        part.replace(self.file)

    def new_key(self) -> str:
        """A key that no question had before."""
        self.asked += 1
        return f"fake:{self.run}:{self.asked}"
