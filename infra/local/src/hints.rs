//! What to try by hand while the run stays up.

use crate::Problem;
use crate::platforms::WEBHOOK_SECRET;
use crate::stage::Stage;

/// Addresses and commands, ready to be pasted.
pub(crate) fn by_hand(stage: &Stage) -> Result<Vec<String>, Problem> {
    let cloud = &stage.cloud;
    let url = stage.webhook("sales.order.updated")?;
    let secret = if stage.platforms.shop.is_some() { WEBHOOK_SECRET } else { "$MAGENTO_WEBHOOK_SECRET" };
    let mut lines = vec![
        String::new(),
        "It stays up until Ctrl-C. To try by hand:".to_owned(),
        String::new(),
        "# tell it about an order, as the shop does".to_owned(),
        r#"body='{"data":{"entity_id":1}}'"#.to_owned(),
        format!(r#"signature=$(printf %s "$body" | openssl dgst -sha256 -hmac "{secret}" | sed 's/.* //')"#),
        format!(
            r#"curl -i '{url}' -H 'content-type: application/json' -H "x-magento-signature: $signature" -d "$body""#
        ),
    ];
    lines.push(String::new());
    lines.push("# ask it as an operator: infra/admin-api.md has all operations".to_owned());
    lines.push(format!("admin='{}'", cloud.invoke_url("AdminFunctionName")?));
    lines.push(format!("who='authorization: {}'", cloud.authorization()));
    for (what, request) in crate::admin::examples(&stage.link) {
        lines.push(format!(r#"curl -s "$admin" -H "$who" -d '{request}'   # {what}"#));
    }
    lines.push(String::new());
    for (name, address) in &stage.platforms.addresses {
        let origin = address.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
        lines.push(format!("# look into the simulated {name}"));
        lines.push(format!("curl -s {origin}/_simulator/orders"));
        lines.push(format!("curl -s {origin}/_simulator/customers"));
    }
    lines.push(String::new());
    lines.push(format!("AWS answers at {} for any client, with the dead-letter queue", cloud.endpoint()));
    lines.push(cloud.output("OrdersDeadLetterQueueUrl")?.to_owned());
    lines.push(format!("What the functions log is in {}", cloud.log().display()));
    Ok(lines)
}
