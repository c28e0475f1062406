//! The shop and the ERP: simulated ones behind sockets on this machine, or real ones elsewhere.

use std::net::Ipv4Addr;
use std::sync::Arc;

use flows::settings::Settings;
use seams::clock::System;
use serde_json::{Value, json};
use simulators::Platform;
use simulators::acumatica::Acumatica;
use simulators::fault::InProcess;
use simulators::magento::Magento;
use simulators::socket::serve;
use simulators::{Inspect, socket};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::{Problem, args, credentials, plan, seed};

/// What the simulated shop signs its events with.
pub const WEBHOOK_SECRET: &str = "sample-verification-token";

/// Both platforms.
pub struct Platforms {
    /// The simulated shop, if it is one.
    pub shop: Option<InProcess<Magento>>,
    /// The simulated ERP, if it is one.
    pub erp: Option<InProcess<Acumatica>>,
    /// The link's settings, with the addresses of both.
    pub settings: Value,
    /// The link's secret of the shop.
    pub(crate) shop_secret: Value,
    /// The link's secret of the ERP.
    pub(crate) erp_secret: Value,
    /// Where the simulators answer, for people.
    pub addresses: Vec<(&'static str, String)>,
    /// Dropping it ends the simulators with their connections.
    _sockets: JoinSet<std::io::Result<()>>,
}

impl Platforms {
    /// Starts what is to be simulated and reads the credentials of what is not.
    ///
    /// # Errors
    /// A taken port, settings that cannot be used, credentials that are missing.
    pub async fn start(run: &args::Run, mut settings: Value) -> Result<Self, Problem> {
        let mut sockets = JoinSet::new();
        let mut addresses = Vec::new();
        let shop_listener = listen(run.magento_url.is_none(), run.port, 1).await?;
        let erp_listener = listen(run.acumatica_url.is_none(), run.port, 2).await?;
        let shop_url = url(shop_listener.as_ref(), run.magento_url.as_deref(), "")?;
        // A simulated ERP stands at the path that the settings have.
        let instance = settings["acumatica"]["base_url"].as_str().and_then(|url| url.splitn(4, '/').nth(3));
        let instance = instance.map(|path| format!("/{path}")).unwrap_or_default();
        let erp_url = url(erp_listener.as_ref(), run.acumatica_url.as_deref(), &instance)?;
        settings["magento"]["base_url"] = json!(shop_url);
        settings["acumatica"]["base_url"] = json!(erp_url);
        let typed = plan::parse("the settings", settings.to_string().as_bytes()).map_err(Problem::new)?;

        let (shop, shop_secret) = match shop_listener {
            None => (None, credentials::magento()?),
            Some(listener) => {
                let mut shop = seed::shop(&typed);
                let secret = shop_secret(&mut shop, &typed);
                addresses.push(("shop", shop_url));
                (Some(put_behind(&mut sockets, listener, shop)), secret)
            }
        };
        let (erp, erp_secret) = match erp_listener {
            None => (None, credentials::acumatica()?),
            Some(listener) => {
                let erp = seed::erp(&typed);
                let secret = erp_secret(&erp);
                addresses.push(("ERP", erp_url));
                (Some(put_behind(&mut sockets, listener, erp)), secret)
            }
        };
        Ok(Self { shop, erp, settings, shop_secret, erp_secret, addresses, _sockets: sockets })
    }
}

/// A listener for what is simulated, at `offset` from the base port; on a free port where there is no base.
async fn listen(is_simulated: bool, base: Option<u16>, offset: u16) -> Result<Option<TcpListener>, Problem> {
    if !is_simulated {
        return Ok(None);
    }
    let port = base.map_or(0, |base| base + offset);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
    listener.map(Some).map_err(|error| taken(port, &error))
}

/// A port that cannot be used, by name.
pub(crate) fn taken(port: u16, error: &std::io::Error) -> Problem {
    Problem::new(format!("port {port} is taken ({error}); choose others with --port, or leave it out for free ones"))
}

fn url(listener: Option<&TcpListener>, real: Option<&str>, path: &str) -> Result<String, Problem> {
    match (listener, real) {
        (None, real) => Ok(real.unwrap_or_default().trim_end_matches('/').to_owned()),
        (Some(listener), _) => {
            let address = listener.local_addr().map_err(Problem::of("a simulator's socket"))?;
            Ok(format!("http://{address}{path}"))
        }
    }
}

fn put_behind<P: Platform + Inspect + 'static>(
    sockets: &mut JoinSet<std::io::Result<()>>,
    listener: TcpListener,
    platform: P,
) -> InProcess<P> {
    let in_process = InProcess::new(platform, Arc::new(System));
    sockets.spawn(serve(listener, in_process.clone(), socket::Options::default()));
    in_process
}

/// The four values of the simulated shop's integration, or its token alone.
fn shop_secret(shop: &mut Magento, settings: &Settings) -> Value {
    let integration = &shop.config().integrations[0];
    let mut secret = json!({"webhook_secrets": [WEBHOOK_SECRET]});
    match settings.magento.auth {
        flows::settings::MagentoAuth::Bearer => secret["bearer"] = json!(integration.access_token),
        flows::settings::MagentoAuth::Oauth1 => {
            secret["consumer_key"] = json!(integration.consumer_key);
            secret["consumer_secret"] = json!(integration.consumer_secret);
            secret["token"] = json!(integration.access_token);
            secret["token_secret"] = json!(integration.access_token_secret);
        }
    }
    secret
}

fn erp_secret(erp: &Acumatica) -> Value {
    let config = &erp.config;
    json!({
        "client_id": config.client_id(), "client_secret": config.client_secret,
        "username": config.username, "password": config.password, "push_secrets": [config.push.header.1],
    })
}
