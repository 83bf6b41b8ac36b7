using HostAgent.Campaigns.Spec;
using HostAgent.Documents;

namespace HostAgent.Campaigns;

/// <summary>The document that describes a campaign, <c>kind: Campaign</c>.</summary>
public static class CampaignDocument
{
    /// <summary>Reads a document.</summary>
    /// <param name="text">The text, YAML or JSON.</param>
    /// <param name="source">How the text is called in messages, for example its file name.</param>
    /// <returns>The campaign, or every mistake.</returns>
    public static DocumentResult<CampaignSpec> Parse(string text, string source) => throw new NotSupportedException();
}
