"""The `dataverse` connector (Microsoft Dynamics 365). Start at `source.Dataverse`."""
