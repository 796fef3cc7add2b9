"""Which chat model answers: the one the settings name, else the planner."""

from typing import Any

from langchain_core.language_models import BaseChatModel

from bot.settings import Settings
from tools.errors import SetupError


def load_model(settings: Settings) -> BaseChatModel | None:
    """The configured chat model (`provider:name`); None when none is set. Its provider is imported only now.

    Raises:
        SetupError: the provider's package is not installed, or the name or its key is not accepted.
    """
    if not settings.model:
        return None
    from langchain.chat_models import init_chat_model

    provider = settings.model.partition(":")[0]
    address: dict[str, Any] = {"base_url": settings.model_base_url} if settings.model_base_url else {}
    try:
        model: BaseChatModel = init_chat_model(
            settings.model, temperature=0, timeout=settings.model_timeout, max_retries=1, **address
        )
    except ImportError as error:
        raise SetupError(
            f"The package of the provider {provider} is not installed.", remedy=f"pip install 'steward[{provider}]'"
        ) from error
    except Exception as error:  # each provider raises its own types for a missing key or a wrong name
        raise SetupError(
            f"STEWARD_MODEL={settings.model} cannot be used ({type(error).__name__}). Name a provider and model, such"
            " as openai:gpt-5-mini, and set its key; or unset STEWARD_MODEL to use the planner."
        ) from error
    return model
