"""Whose key is it: the vendors that platforms buy from, the shape of their keys, and where a person gets one.

One table for prefix checks, the environment's contract, the leak scan and the Redactor. Shapes are from each
vendor's own pages on API keys; `url` is the page where a person makes one.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Key:
    """One kind of key. `variable` matches names of variables that hold it, `shape` its full value,
    `prefixes` how it must start; `live` marks one that moves money or data of real customers."""

    vendor: str
    kind: str
    variable: str
    prefixes: tuple[str, ...]
    shape: str
    url: str
    live: bool = False


KEYS: tuple[Key, ...] = (
    Key("Stripe", "live secret key", r"STRIPE_(SECRET|API|RESTRICTED)_KEY|STRIPE_KEY|STRIPE_SECRET", ("sk_live_", "rk_live_"),
        r"[rs]k_live_[0-9A-Za-z]{16,}", "https://dashboard.stripe.com/apikeys", live=True),
    Key("Stripe", "test secret key", r"STRIPE_(SECRET|API|RESTRICTED)_KEY|STRIPE_KEY|STRIPE_SECRET", ("sk_test_", "rk_test_"),
        r"[rs]k_test_[0-9A-Za-z]{16,}", "https://dashboard.stripe.com/test/apikeys"),
    Key("Stripe", "publishable key", r"\w*STRIPE_(PUBLISHABLE|PUBLIC)_KEY", ("pk_test_", "pk_live_"),
        "", "https://dashboard.stripe.com/apikeys"),
    Key("Stripe", "webhook secret", r"STRIPE_\w*WEBHOOK\w*SECRET\w*", ("whsec_",),
        r"whsec_[0-9A-Za-z+/=]{24,}", "https://dashboard.stripe.com/webhooks"),
    Key("Stripe", "price id", r"STRIPE_PRICE_\w+|STRIPE_\w+_PRICE_ID", ("price_",),
        "", "https://dashboard.stripe.com/products"),
    Key("Anthropic", "API key", r"ANTHROPIC_API_KEY|CLAUDE_API_KEY", ("sk-ant-",),
        r"sk-ant-[0-9A-Za-z_-]{20,}", "https://console.anthropic.com/settings/keys"),
    Key("OpenAI", "API key", r"OPENAI_API_KEY", ("sk-",),
        r"sk-(?:proj-|svcacct-)?[0-9A-Za-z_-]{32,}", "https://platform.openai.com/api-keys"),
    Key("GitHub", "token", r"(GITHUB|GH)_(TOKEN|PAT)", ("ghp_", "gho_", "ghs_", "ghu_", "github_pat_"),
        r"gh[pousr]_[0-9A-Za-z]{36,}|github_pat_[0-9A-Za-z_]{40,}", "https://github.com/settings/tokens"),
    Key("Airtable", "personal access token", r"AIRTABLE_(API_KEY|TOKEN|PAT)", ("pat", "key"),
        r"pat[0-9A-Za-z]{14}\.[0-9a-f]{64}", "https://airtable.com/create/tokens"),
    Key("SendGrid", "API key", r"SENDGRID_API_KEY", ("SG.",),
        r"SG\.[0-9A-Za-z_-]{16,}\.[0-9A-Za-z_-]{16,}", "https://app.sendgrid.com/settings/api_keys"),
    Key("Slack", "token", r"SLACK_\w*TOKEN", ("xoxb-", "xoxp-", "xapp-"),
        r"xox[abprs]-[0-9A-Za-z-]{20,}", "https://api.slack.com/apps"),
    Key("Google", "API key", r"(GOOGLE|GEMINI|YOUTUBE|FIREBASE)_API_KEY", ("AIza",),
        r"AIza[0-9A-Za-z_-]{35}", "https://console.cloud.google.com/apis/credentials"),
    Key("AWS", "access key id", r"AWS_ACCESS_KEY_ID", ("AKIA", "ASIA"),
        r"(?:AKIA|ASIA)[0-9A-Z]{16}", "https://console.aws.amazon.com/iam/home#/security_credentials"),
    Key("Twilio", "account sid", r"TWILIO_ACCOUNT_SID", ("AC",),
        "", "https://console.twilio.com"),
    Key("Netlify", "personal access token", r"NETLIFY_AUTH_TOKEN", ("nfp_",),
        r"nfp_[0-9A-Za-z]{30,}", "https://app.netlify.com/user/applications"),
    Key("Fly.io", "token", r"FLY_API_TOKEN", ("FlyV1 ", "fo1_", "fm2_"),
        r"fm2_[0-9A-Za-z+/=]{40,}", "https://fly.io/dashboard"),
    Key("Supabase", "personal access token", r"SUPABASE_ACCESS_TOKEN", ("sbp_",),
        r"sbp_[0-9a-f]{40}", "https://supabase.com/dashboard/account/tokens"),
    Key("Telegram", "bot token", r"TELEGRAM_(BOT_)?TOKEN", (),
        r"\b[0-9]{8,10}:AA[0-9A-Za-z_-]{33}\b", "https://t.me/BotFather"),
    Key("ngrok", "authtoken", r"NGROK_AUTHTOKEN", (),
        "", "https://dashboard.ngrok.com/get-started/your-authtoken"),
    Key("Neon", "API key", r"NEON_API_KEY", ("napi_",),
        r"napi_[0-9a-z]{40,}", "https://console.neon.tech/app/settings/api-keys"),
    Key("Twilio", "auth token", r"TWILIO_AUTH_TOKEN", (), "", "https://console.twilio.com"),
    Key("Hugging Face", "access token", r"(HF|HUGGINGFACE|HUGGING_FACE)_(API_)?(TOKEN|KEY|HUB_TOKEN)", ("hf_",),
        r"\bhf_[0-9A-Za-z]{34,}", "https://huggingface.co/settings/tokens"),
    Key("Groq", "API key", r"GROQ_API_KEY", ("gsk_",), r"\bgsk_[0-9A-Za-z]{40,}", "https://console.groq.com/keys"),
    Key("xAI", "API key", r"(XAI|GROK)_API_KEY", ("xai-",), r"\bxai-[0-9A-Za-z]{60,}", "https://console.x.ai"),
    Key("Perplexity", "API key", r"PERPLEXITY_API_KEY", ("pplx-",), r"\bpplx-[0-9A-Za-z]{40,}", "https://www.perplexity.ai/settings/api"),
    Key("Replicate", "API token", r"REPLICATE_API_(TOKEN|KEY)", ("r8_",), r"\br8_[0-9A-Za-z]{37,}", "https://replicate.com/account/api-tokens"),
    Key("GitLab", "personal access token", r"GITLAB_(ACCESS_)?TOKEN", ("glpat-",),
        r"\bglpat-[0-9A-Za-z_-]{20,}", "https://gitlab.com/-/user_settings/personal_access_tokens"),
    Key("npm", "access token", r"NPM_(AUTH_)?TOKEN", ("npm_",), r"\bnpm_[0-9A-Za-z]{36}", "https://www.npmjs.com/settings/~/tokens"),
    Key("DigitalOcean", "API token", r"(DIGITALOCEAN|DO)_(ACCESS_|API_)?TOKEN", ("dop_v1_",),
        r"dop_v1_[0-9a-f]{64}", "https://cloud.digitalocean.com/account/api/tokens"),
    Key("Resend", "API key", r"RESEND_API_KEY", ("re_",), r"\bre_[0-9A-Za-z]{8}_[0-9A-Za-z]{20,}", "https://resend.com/api-keys"),
    Key("Shopify", "access token", r"SHOPIFY_(ACCESS_TOKEN|ADMIN_\w*TOKEN)", ("shpat_",), r"shpat_[0-9a-f]{32}", "https://admin.shopify.com"),
    Key("Notion", "integration secret", r"NOTION_(TOKEN|API_KEY|SECRET)", ("ntn_", "secret_"),
        r"\bntn_[0-9A-Za-z]{40,}", "https://www.notion.so/profile/integrations"),
    Key("Google", "OAuth client secret", r"(GOOGLE|YOUTUBE|GMAIL)_CLIENT_SECRET", (),
        r"GOCSPX-[0-9A-Za-z_-]{28}", "https://console.cloud.google.com/apis/credentials"),
    Key("Google", "app password", r"GMAIL_(APP_)?PASSWORD", (), "", "https://myaccount.google.com/apppasswords"),
    Key("Discord", "bot token", r"DISCORD_(BOT_)?TOKEN", (), "", "https://discord.com/developers/applications"),
    Key("Discord", "webhook URL", r"DISCORD_WEBHOOK(_URL)?", (),
        r"discord(?:app)?\.com/api/webhooks/[0-9]{17,20}/[0-9A-Za-z_-]{60,}", "https://discord.com/developers/docs/resources/webhook"),
    Key("Slack", "webhook URL", r"SLACK_WEBHOOK(_URL)?", (),
        r"hooks\.slack\.com/services/T[0-9A-Z]{8,}/B[0-9A-Z]{8,}/[0-9A-Za-z]{20,}", "https://api.slack.com/apps"),
    Key("X", "API key or token", r"(TWITTER|X)_(API|CONSUMER|ACCESS|BEARER)_\w+", (), "", "https://developer.x.com/en/portal/dashboard"),
    Key("Meta", "access token", r"(FACEBOOK|INSTAGRAM|META)_(ACCESS_TOKEN|APP_SECRET|PAGE_ACCESS_TOKEN)", (), "", "https://developers.facebook.com/apps"),
    Key("AWS", "secret access key", r"AWS_SECRET_ACCESS_KEY", (), "", "https://console.aws.amazon.com/iam/home#/security_credentials"),
    Key("Cloudflare", "API token", r"(CLOUDFLARE|CF)_API_(TOKEN|KEY)", (), "", "https://dash.cloudflare.com/profile/api-tokens"),
    Key("Spotify", "client id and secret", r"SPOTIFY_CLIENT_(ID|SECRET)", (), "", "https://developer.spotify.com/dashboard"),
    Key("ElevenLabs", "API key", r"(ELEVENLABS|ELEVEN_LABS|ELEVEN)_API_KEY", (), "", "https://elevenlabs.io/app/settings/api-keys"),
)

TOKEN = "|".join(f"(?:{key.shape})" for key in KEYS if key.shape)


def _hint(shape: str) -> str:
    """Text without which a shape cannot match, where it begins with some: far quicker to look for in a long text."""
    found = re.match(r"(?:\\b|\[\w+\])?([\w-]+)(?=[\[\\(])", shape)
    alone = "|" not in re.sub(r"\([^)]*\)", "", shape)
    return found[1] if found and alone else ":AA" if ":AA" in shape else ""


# patterns as text: `re` compiles and keeps those that are looked for, a few of many in any one run
SHAPES = tuple((_hint(key.shape), key.shape) for key in KEYS if key.shape)


def keys_of(variable: str) -> tuple[Key, ...]:
    """The kinds of key that a variable of this name holds, none when the name tells nothing."""
    return tuple(key for key in KEYS if re.fullmatch(key.variable, variable))
