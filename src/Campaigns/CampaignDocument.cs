using HostAgent.Campaigns.Spec;
using HostAgent.Documents;

namespace HostAgent.Campaigns;

/// <summary>The document that describes a campaign: <c>apiVersion: failback/v1</c>, <c>kind: Campaign</c>.</summary>
public static class CampaignDocument
{
    /// <summary>Reads a document and checks everything that can be checked without knowing the hosts.</summary>
    /// <param name="text">The text, YAML or JSON, at most 1 MiB.</param>
    /// <param name="source">The name used for the text in messages, for example its file name.</param>
    /// <param name="cancellationToken">Cancels, for example when the caller disconnects.</param>
    /// <returns>The campaign with its defaults filled in, or every error.</returns>
    public static DocumentResult<CampaignSpec> Parse(string text, string source, CancellationToken cancellationToken = default)
        => DocumentReader.Read(text, source, ReadCampaign, limits: null, cancellationToken);

    private static CampaignSpec ReadCampaign(MappingReader root)
    {
        root.Required("apiVersion", "failback/v1").Choice("failback/v1");
        root.Required("kind", "Campaign").Choice("Campaign");
        var metadata = root.Required("metadata", "a mapping with the campaign's name").Mapping(Metadata.Read);
        var spec = root.Required("spec", "a mapping with the campaign's targets and policies").Mapping(SpecReader.Read);
        return (spec ?? SpecReader.Empty) with { Name = metadata?.Name ?? string.Empty, Labels = metadata?.Labels ?? SpecReader.Empty.Labels };
    }
}

/// <summary>
/// The JSON Schema (2020-12) of the campaign document, for editors and pipelines; published with the contract. It covers what a
/// schema can express; <see cref="CampaignDocument.Parse"/> is authoritative, and tests keep the two consistent.
/// </summary>
public static class CampaignSchema
{
    /// <summary>Reads the schema.</summary>
    /// <returns>One JSON object.</returns>
    public static string Read()
    {
        using var resource = typeof(CampaignSchema).Assembly.GetManifestResourceStream("campaign.schema.json")
            ?? throw new InvalidOperationException("The embedded campaign schema is missing.");
        using var reader = new StreamReader(resource);
        return reader.ReadToEnd();
    }
}
