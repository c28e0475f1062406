"""Starts the local AWS: ministack, with what it lacks added.

* SQS: StartMessageMoveTask, ListMessageMoveTasks and CancelMessageMoveTask, which is how AWS redrives a dead-letter queue.
* CloudFormation: the routes in the OpenAPI `Body` of an HTTP API, which is what SAM makes of `HttpApi` events.
* HTTP APIs answer whoever knows their id, as on AWS, and not only requests signed by the account that owns them.

All of it hooks into tables and functions of ministack that are not public, so requirements.txt pins its version. Everything else is
said by the environment: GATEWAY_PORT, BIND_HOST, AWS_ENDPOINT_URL (which it hands to the functions), AUTH.
"""

import json
import os
import re
import signal
import stat
import sys
import threading
import time

from ministack.app import main
from ministack.core import iam_actions
from ministack.core.concurrency import esm_wake
from ministack.core.responses import AccountRegionScopedDict, new_uuid
from ministack.services import apigateway, sqs
from ministack.services.cloudformation import provisioners

# ---- SQS: move tasks ------------------------------------------------------------------------------------------------

_tasks = AccountRegionScopedDict()
SOURCE = "DeadLetterQueueSourceArn"


def _queue(arn):
    queue = sqs._queue_by_arn(arn)
    if queue is None:
        raise sqs._Err("ResourceNotFoundException", "The resource that you specified doesn't exist.", 404)
    return queue


def _is_dead_letter_queue(arn):
    policies = (queue["attributes"].get("RedrivePolicy") for queue in sqs._queues.values())
    return any(json.loads(policy).get("deadLetterTargetArn") == arn for policy in policies if policy)


def _redriven(message, now):
    """A redriven message is a new one: new id, never received, enqueued now, and not held to be a duplicate of its former self."""
    system = {name: value for name, value in message["sys"].items() if name != SOURCE}
    system["SentTimestamp"] = str(int(now * 1000))
    new = dict(message, id=new_uuid(), receipt_handle=None, receive_count=0, first_receive_at=None, sent_at=now, visible_at=now, sys=system)
    new.pop("enqueued_at", None)
    return new


def start_message_move_task(data, _url):
    arn = data.get("SourceArn", "")
    dead = _queue(arn)
    destination = _queue(data["DestinationArn"]) if data.get("DestinationArn") else None
    if not _is_dead_letter_queue(arn):
        raise sqs._Err("InvalidParameterValue", "Source queue must be configured as a Dead Letter Queue.")
    now, moved, kept = time.time(), 0, []
    with sqs._queues_lock:
        waiting = [message for message in dead["messages"] if message["visible_at"] <= now]
        for message in dead["messages"]:
            # Only a message that a redrive policy moved here knows where it came from; one sent straight here stays.
            target = destination or sqs._queue_by_arn(message["sys"].get(SOURCE, ""))
            if target is None or message["visible_at"] > now:
                kept.append(message)
                continue
            new = _redriven(message, now)
            if target["is_fifo"]:
                target["fifo_seq"] += 1
                new["seq"] = str(target["fifo_seq"]).zfill(20)
            target["messages"].append(new)
            moved += 1
        dead["messages"] = kept
    esm_wake.set()
    task = {
        "TaskHandle": new_uuid(),
        "Status": "COMPLETED" if moved == len(waiting) else "FAILED",
        "SourceArn": arn,
        "ApproximateNumberOfMessagesMoved": moved,
        "ApproximateNumberOfMessagesToMove": len(waiting),
        "StartedTimestamp": int(now * 1000),
    }
    if destination:
        task["DestinationArn"] = data["DestinationArn"]
    if moved < len(waiting):
        task["FailureReason"] = "CouldNotDetermineMessageSource"
    _tasks.setdefault(arn, []).insert(0, task)
    return {"TaskHandle": task["TaskHandle"]}


def list_message_move_tasks(data, _url):
    arn = data.get("SourceArn", "")
    _queue(arn)
    # AWS shows the handle only of a task that can still be cancelled, and ours end at once.
    shown = [{name: value for name, value in task.items() if name != "TaskHandle"} for task in _tasks.get(arn, [])]
    return {"Results": shown[: int(data.get("MaxResults") or 1)]}


def cancel_message_move_task(data, _url):
    handles = {task["TaskHandle"] for tasks in _tasks.values() for task in tasks}
    if data.get("TaskHandle") not in handles:
        raise sqs._Err("ResourceNotFoundException", "Task does not exist.", 404)
    raise sqs._Err("UnsupportedOperation", "Only active tasks can be cancelled.")


sqs._HANDLERS.update({
    "StartMessageMoveTask": start_message_move_task,
    "ListMessageMoveTasks": list_message_move_tasks,
    "CancelMessageMoveTask": cancel_message_move_task,
})

_extract_resource_arn = iam_actions.extract_resource_arn


def extract_resource_arn(service, method, path, headers, body, *rest):
    """Under AUTH=true a role may name the dead-letter queue it redrives; ministack would look for a queue URL and find none."""
    if service == "sqs" and "MessageMoveTask" in headers.get("x-amz-target", ""):
        return iam_actions._safe_json_field(body, "SourceArn") or "*"
    return _extract_resource_arn(service, method, path, headers, body, *rest)


iam_actions.extract_resource_arn = extract_resource_arn

# ---- CloudFormation: routes of an HTTP API's OpenAPI body -------------------------------------------------------------

_api = provisioners._RESOURCE_HANDLERS["AWS::ApiGatewayV2::Api"]
_create_api, _update_api = _api["create"], _api["update"]


def _authorization(document, operation):
    """SAM writes `security: [{name: [scopes]}]`; the scheme says what the name is. Only IAM is known here."""
    for requirement in operation.get("security", document.get("security", [])):
        for name in requirement:
            scheme = document.get("components", {}).get("securitySchemes", {}).get(name, {})
            if name != "AWS_IAM" and scheme.get("x-amazon-apigateway-authtype") != "awsSigv4":
                raise ValueError(f"the local HTTP API knows no authorizer but AWS_IAM, and the template has {name}")
            return "AWS_IAM"
    return "NONE"


def _add_routes(api_id, document):
    apigateway._routes[api_id], apigateway._integrations[api_id] = {}, {}
    for path, operations in (document or {}).get("paths", {}).items():
        for method, operation in operations.items():
            integration = operation.get("x-amazon-apigateway-integration")
            if integration is None:
                continue
            status, _, body = apigateway._create_integration(api_id, {
                "integrationType": integration["type"].upper(),
                "integrationUri": integration.get("uri", ""),
                "payloadFormatVersion": integration.get("payloadFormatVersion", "2.0"),
                "timeoutInMillis": int(integration.get("timeoutInMillis", 30000)),
            })
            verb = "ANY" if method == "x-amazon-apigateway-any-method" else method.upper()
            target = json.loads(body)["integrationId"]
            route_key = "$default" if path in ("$default", "/$default") else f"{verb} {path}"
            status, _, body = apigateway._create_route(api_id, {
                "routeKey": route_key,
                "target": f"integrations/{target}",
                "authorizationType": _authorization(document, operation),
            })
            if status != 201:
                raise ValueError(f"route {route_key}: {body!r}")


def create_api(logical_id, props, stack_name):
    api_id, attributes = _create_api(logical_id, props, stack_name)
    _add_routes(api_id, props.get("Body"))
    return api_id, attributes


def update_api(physical_id, old_props, new_props, stack_name, logical_id=None):
    api_id, attributes = _update_api(physical_id, old_props, new_props, stack_name, logical_id)
    if "Body" in new_props:
        _add_routes(api_id, new_props["Body"])
    return api_id, attributes


_api.update(create=create_api, update=update_api)


def find_api_scope(api_id):
    """A webhook comes unsigned, so that its account is not known: the API's id is unique over all of them."""
    owners = [(account, region) for (account, region, stored), _ in apigateway._apis.all_items() if stored == api_id]
    return owners[0] if owners else None


apigateway.find_api_scope = find_api_scope

# ---- The end ---------------------------------------------------------------------------------------------------------


def watch_starter():
    """Whoever started us holds the other end of our standard input; when that closes, we end with every function we run."""
    sys.stdin.buffer.read()
    os.killpg(os.getpgrp(), signal.SIGKILL)


if __name__ == "__main__":
    if not re.fullmatch(r"127\.0\.0\.1|::1", os.environ.get("BIND_HOST", "")):
        sys.exit("BIND_HOST must be a loopback address: nobody else has business with this emulator")
    if os.getpgrp() == os.getpid() and stat.S_ISFIFO(os.fstat(0).st_mode):
        threading.Thread(target=watch_starter, daemon=True).start()
    main()
