import { NOT_IN_GIT, programUrl } from './mechanism/addresses.ts';
import type { CopyFormat } from './mechanism/copy-format.ts';
import { applicationName } from './mechanism/plain-name.ts';
import { doubleQuoted } from './mechanism/quote.ts';

/** unleash-api-client 0.16, the first with `FeatureKey`. */
export const sdkRust = {
  id: 'sdk-rust',
  label: 'Rust',
  group: 'sdk',
  kinds: ['backend'],
  write: (parts) => `// cargo add unleash-api-client@0.16 --features reqwest
// cargo add tokio --features full
use unleash_api_client::client::{ClientBuilder, FeatureKey};

#[derive(Debug, Clone, Copy, FeatureKey)]
enum Flags {
    #[feature_name("my-flag")]
    MyFlag,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let client = ClientBuilder::default().into_client::<Flags>(
        ${doubleQuoted(programUrl(parts))},
        ${doubleQuoted(applicationName(parts.name))},
        &std::process::id().to_string(),
        // ${NOT_IN_GIT}
        Some(${doubleQuoted(parts.token)}.to_owned()),
    )?;
    client.register().await?;
    let check = async {
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        println!("{}", client.is_enabled(Flags::MyFlag, None, false));
    };
    tokio::join!(client.poll_for_updates(), check);
    Ok(())
}
`,
} as const satisfies CopyFormat;
