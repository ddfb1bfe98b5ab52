import pytest

from stresstui.core.run.tester import is_test_command


@pytest.mark.parametrize(
    "command",
    [
        "pytest -q", "./node_modules/.bin/jest", "timeout -s KILL 1h python3.11 -m pytest", "env -u CI A=b/c prove -r",
        "nice -n 5 taskset -c 0,1 pytest-3", "npx --yes mocha", "yarn jest", "npm exec -- ava", "bundle exec rspec",
        "uv run pytest", "python -m coverage run -m pytest", "node --expose-gc node_modules/jest/bin/jest.js",
        "php -d memory_limit=-1 phpunit-9.6.phar", "python -m unittest -v", "env MIX_ENV=test mix test",
        "mvn -o -B test", "bash -c pytest", "venv/bin/robot a.robot", "java -cp a:b org.junit.runner.JUnitCore T",
        "java -jar x/junit-platform-console-1.9.jar -c T", "ctest -V", "pytest -k list",
        "npx cucumber-js", "mvn -V test", "pytest bench",
    ],
)  # fmt: skip
def test_what_runs_a_test_tool(command: str) -> None:
    assert is_test_command(command.split())


@pytest.mark.parametrize(
    "command",
    [
        "./soak --target ava", "python load.py jest", "python -m load jest", "./run ava", "node soak.js --for mocha",
        "timeout 1h ./soak prove", "env TARGET=jest ./soak", "npm run soak jest", "cargo run --bin prove", "sleep 5",
        "vitest bench", "phpunit --version", "python -m pytest --collect-only", "mvn package", "mix run", "bun soak.ts",
        "java -cp a:b Soak org.junit.runner.JUnitCore", "java -jar soak.jar", "npx vitest list",
        "playwright test --list", "./robot --for 1h", "build/unittest",
    ],
)  # fmt: skip
def test_what_only_names_one(command: str) -> None:
    assert not is_test_command(command.split())
