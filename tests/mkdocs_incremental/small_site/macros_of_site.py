from pathlib import Path

import yaml


def define_env(env):
    docs = Path(env.conf["docs_dir"])

    @env.macro
    def fact(name):
        return yaml.safe_load((docs / "_data/facts.yml").read_text())[name]
