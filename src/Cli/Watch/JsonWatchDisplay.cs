using HostAgent.Cli.Output;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Watch;

/// <summary>Writes each update as one line of JSON; remarks go to the error stream.</summary>
internal sealed class JsonWatchDisplay(TextWriter output, TextWriter remarks) : IWatchDisplay
{
    /// <inheritdoc/>
    public Task<Campaign> ShowAsync(Func<Task<Campaign>> watch) => watch();

    /// <inheritdoc/>
    public void Update(CampaignUpdate update)
    {
        output.WriteLine(ProtobufJson.Format(update));
        output.Flush();
    }

    /// <inheritdoc/>
    public void Disconnected(string reason) => remarks.WriteLine(reason);
}
