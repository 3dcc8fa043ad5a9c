"""How dbt's models and sources are called in Dagster: by layer and name, with owner and group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator

OWNER = "data-engineering@example.org"


def asset_key(node: Mapping[str, Any]) -> dg.AssetKey:
    """`schema/name` for whatever dbt knows: seeds, models, and the tables others make."""
    if node["resource_type"] == "source":
        return dg.AssetKey([node["schema"], node["name"]])
    return dg.AssetKey([node["schema"], node["alias"]])


class Translator(DagsterDbtTranslator):
    """Groups are the layers of the house; everything is the data engineers' to keep running."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        return asset_key(dbt_resource_props)

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        return str(dbt_resource_props["schema"])

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        return [OWNER]

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        return str(dbt_resource_props.get("description") or dbt_resource_props["name"])
