namespace HostAgent.Campaigns;

/// <summary>
/// The JSON Schema (2020-12) of the campaign document, for editors and pipelines; published beside the contract. It says what a
/// schema can say; <see cref="CampaignDocument.Parse"/> is what decides, and tests hold the two equal.
/// </summary>
public static class CampaignSchema
{
    /// <summary>Reads the schema.</summary>
    /// <returns>One JSON object.</returns>
    public static string Read()
    {
        using var resource = typeof(CampaignSchema).Assembly.GetManifestResourceStream("campaign.schema.json")
            ?? throw new InvalidOperationException("The schema is not part of the program.");
        using var reader = new StreamReader(resource);
        return reader.ReadToEnd();
    }
}
