"""Looks up pinned packages among known vulnerabilities, and says so where it cannot.

pip-audit itself takes a package that its source does not know for a good one.
"""

import json
import subprocess
import sys
from pathlib import Path

AUDIT = Path(sys.executable).parent / "pip-audit"
OPTIONS = ["--no-deps", "--disable-pip", "--progress-spinner=off", "--format=json"]


def main(pins: str) -> int:
    """0 where nothing is known, or nothing can be asked; 1 where something is vulnerable."""
    command = [AUDIT, "--requirement", pins, *OPTIONS]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except ValueError:
        told = done.stderr.strip().splitlines() or ["no answer"]
        print(f"calfeed: not audited, pip-audit cannot reach its source: {told[-1][:300]}")
        return 0
    unknown = [one["name"] for one in packages if "skip_reason" in one]
    vulnerable = [one for one in packages if one.get("vulns")]
    for one in vulnerable:
        for known in one["vulns"]:
            fixed = ", ".join(known["fix_versions"]) or "no version yet"
            print(f"calfeed: {one['name']} {one['version']}: {known['id']}, fixed in {fixed}")
    if len(unknown) == len(packages):
        print("calfeed: not audited, pip-audit's source knows none of the packages: is it PyPI?")
        return 0
    if unknown:
        print(f"calfeed: not audited, unknown to pip-audit's source: {', '.join(unknown)}")
    print(f"calfeed: {len(packages) - len(unknown)} packages audited, {len(vulnerable)} vulnerable")
    return 1 if vulnerable else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
