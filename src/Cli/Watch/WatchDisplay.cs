using HostAgent.Cli.Output;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Watch;

/// <summary>Shows a campaign while it is being watched.</summary>
internal interface IWatchDisplay
{
    /// <summary>Shows for as long as the watch runs, and returns its result.</summary>
    Task<Campaign> ShowAsync(Func<Task<Campaign>> watch);

    void Update(CampaignUpdate update);

    /// <summary>The coordinator does not answer at the moment; it is tried again.</summary>
    void Disconnected(string reason);

    /// <summary>Whether it shows why items do not move.</summary>
    bool ShowsWaits { get; }

    /// <summary>Why items do not move, as it is now.</summary>
    void Explain(ExplainCampaignResponse waits);

    /// <summary>Something that a person should read beside the campaign.</summary>
    void Remark(string text);
}

/// <summary>An item whose state has changed.</summary>
/// <param name="Former">Its previous state; UNSPECIFIED when the item is new.</param>
/// <param name="Item">The item now.</param>
internal sealed record ItemChange(ItemState Former, Item Item);

/// <summary>Writes each update as one line of JSON or one YAML document; remarks go to the error stream.</summary>
internal sealed class StructuredWatchDisplay(OutputFormat format, TextWriter output, TextWriter remarks) : IWatchDisplay
{
    /// <inheritdoc/>
    public Task<Campaign> ShowAsync(Func<Task<Campaign>> watch) => watch();

    /// <inheritdoc/>
    public void Update(CampaignUpdate update)
    {
        StructuredText.Write(output, format, ProtobufJson.Format(update));
        output.Flush();
    }

    /// <inheritdoc/>
    public void Disconnected(string reason) => remarks.WriteLine(reason);

    /// <inheritdoc/>
    public bool ShowsWaits => false;

    /// <inheritdoc/>
    public void Explain(ExplainCampaignResponse waits)
    {
        // The output has updates, and nothing else.
    }

    /// <inheritdoc/>
    public void Remark(string text) => remarks.WriteLine(text);
}
