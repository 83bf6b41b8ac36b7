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

    internal static CampaignSpec ReadCampaign(MappingReader root)
    {
        root.Required("apiVersion", "failback/v1").Choice("failback/v1");
        root.Required("kind", "Campaign").Choice("Campaign");
        var metadata = root.Required("metadata", "a mapping with the campaign's name").Described("The campaign's name and labels.").Mapping(Metadata.Read);
        var spec = root.Required("spec", "a mapping with the campaign's targets and policies").Described("What the campaign does.").Mapping(SpecReader.Read);
        return (spec ?? SpecReader.Empty) with { Name = metadata?.Name ?? string.Empty, Labels = metadata?.Labels ?? SpecReader.Empty.Labels };
    }
}

/// <summary>
/// The JSON Schema (2020-12) of the campaign document, for editors and pipelines. The readers describe it themselves.
/// <see cref="CampaignDocument.Parse"/> checks more than a schema can express.
/// </summary>
public static class CampaignSchema
{
    /// <summary>Describes the document.</summary>
    /// <returns>One JSON object.</returns>
    public static string Describe() => DocumentSchema.Describe(
        "urn:failback:v1:campaign",
        "Failback campaign",
        "A campaign document, YAML 1.2 or JSON. Reading it also checks what a schema cannot express: ranges of durations, and rules between fields.",
        CampaignDocument.ReadCampaign);
}
