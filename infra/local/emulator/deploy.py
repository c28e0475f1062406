"""Deploys the project's own template.yaml to the emulator, as `sam package` and `sam deploy` would: only CodeUri is replaced.

    deploy.py --endpoint http://127.0.0.1:4566 --account 000000000001 --template template.yaml --binaries target/debug \
              [--stack causeway] [--region us-east-1] [--parameter Name=value]...

Prints the stack's outputs as one JSON object; on failure prints the reason on stderr and exits 1.
"""

import argparse
import hashlib
import io
import json
import pathlib
import sys
import time
import zipfile

import botocore.session
import yaml
from botocore.config import Config

BUCKET = "code"


def load_template(path):
    """Reads YAML with CloudFormation's short forms, turning each into its long form, so that it can be written as JSON."""

    class Loader(yaml.SafeLoader):
        pass

    def long_form(loader, suffix, node):
        if isinstance(node, yaml.ScalarNode):
            value = loader.construct_scalar(node)
        elif isinstance(node, yaml.SequenceNode):
            value = loader.construct_sequence(node, deep=True)
        else:
            value = loader.construct_mapping(node, deep=True)
        if suffix == "GetAtt" and isinstance(value, str):
            value = value.split(".", 1)
        return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}

    Loader.add_multi_constructor("!", long_form)
    # AWSTemplateFormatVersion and policy versions are dates to YAML, and JSON has none.
    Loader.add_constructor("tag:yaml.org,2002:timestamp", Loader.construct_yaml_str)
    return yaml.load(path.read_text(encoding="utf-8"), Loader)


def binary_of(name, function):
    """The cargo binary of a function: what SAM's rust-cargolambda builds, else the last part of its CodeUri."""
    named = function.get("Metadata", {}).get("BuildProperties", {}).get("Binary")
    code = function.get("Properties", {}).get("CodeUri")
    binary = named or (pathlib.PurePosixPath(code).name if isinstance(code, str) else "")
    return binary or sys.exit(f"{name}: neither Metadata.BuildProperties.Binary nor CodeUri names a binary")


def zipped(binary):
    """A zip with the one file `bootstrap`, stored and dated alike, so that the same binary makes the same zip."""
    if not binary.is_file():
        sys.exit(f"{binary} is not built")
    entry = zipfile.ZipInfo("bootstrap", (2020, 1, 1, 0, 0, 0))
    entry.external_attr = 0o755 << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(entry, binary.read_bytes())
    return out.getvalue()


def upload(s3, template, binaries):
    s3.create_bucket(Bucket=BUCKET)
    for name, resource in template["Resources"].items():
        if resource["Type"] != "AWS::Serverless::Function":
            continue
        code = zipped(binaries / binary_of(name, resource))
        key = f"{name}-{hashlib.sha256(code).hexdigest()}.zip"
        s3.put_object(Bucket=BUCKET, Key=key, Body=code)
        resource["Properties"]["CodeUri"] = {"Bucket": BUCKET, "Key": key}


def wait_for(cloudformation, stack):
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        described = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
        if described["StackStatus"] == "CREATE_COMPLETE":
            return {output["OutputKey"]: output["OutputValue"] for output in described.get("Outputs", [])}
        if not described["StackStatus"].endswith("IN_PROGRESS") or described["StackStatus"].startswith("ROLLBACK"):
            events = cloudformation.describe_stack_events(StackName=stack)["StackEvents"]
            failed = [event for event in events if event["ResourceStatus"].endswith("FAILED")]
            reasons = [f"  {event['LogicalResourceId']}: {event.get('ResourceStatusReason', 'no reason')}" for event in failed]
            reasons = reasons or [f"  {described.get('StackStatusReason', 'no reason')}"]
            sys.exit("\n".join([f"the stack is {described['StackStatus']}:", *reversed(reasons)]))
        time.sleep(0.1)
    sys.exit("the stack was not complete within 120 seconds")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--endpoint", required=True)
    parser.add_argument("--account", required=True, help="12 digits: the access key that is also the account")
    parser.add_argument("--template", required=True, type=pathlib.Path)
    parser.add_argument("--binaries", required=True, type=pathlib.Path)
    parser.add_argument("--stack", default="causeway")
    parser.add_argument("--region", default="us-east-1")
    parser.add_argument("--parameter", action="append", default=[], metavar="NAME=VALUE")
    arguments = parser.parse_args()

    session = botocore.session.Session()
    session.set_credentials(arguments.account, "emulator")

    def client(service):
        return session.create_client(
            service,
            region_name=arguments.region,
            endpoint_url=arguments.endpoint,
            config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 0}),
        )

    template = load_template(arguments.template)
    upload(client("s3"), template, arguments.binaries)
    cloudformation = client("cloudformation")
    cloudformation.create_stack(
        StackName=arguments.stack,
        TemplateBody=json.dumps(template),
        Parameters=[
            {"ParameterKey": name, "ParameterValue": value}
            for name, _, value in (parameter.partition("=") for parameter in arguments.parameter)
        ],
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
    )
    json.dump(wait_for(cloudformation, arguments.stack), sys.stdout, indent=2, sort_keys=True)
    print()


if __name__ == "__main__":
    main()
