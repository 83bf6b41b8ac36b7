using HostAgent.Cli.Output;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Watch;

/// <summary>
/// Writes one plain line for each change of state: the time, the wave, the host, the machine, the state and the explanation.
/// What a snapshot repeats is not written again, so that a reconnected watch reads on where it was.
/// </summary>
internal sealed class LinesWatchDisplay(TextWriter output, TimeProvider time) : IWatchDisplay
{
    private readonly CampaignView _view = new();
    private readonly Dictionary<string, WaveState> _waves = new(StringComparer.Ordinal);
    private (CampaignState State, string Explanation) _campaign;

    /// <inheritdoc/>
    public Task<Campaign> ShowAsync(Func<Task<Campaign>> watch) => watch();

    /// <inheritdoc/>
    public void Update(CampaignUpdate update)
    {
        var changes = _view.Apply(update);
        var ended = update.Campaign?.State.IsTerminal() ?? false;
        if (update.Campaign is { } campaign && !ended)
        {
            WriteCampaign(campaign);
        }

        foreach (var change in changes)
        {
            // An untouched item of the snapshot has not changed: it stands where the plan put it.
            if (change.Former != ItemState.Unspecified || !change.Item.State.IsUntouched())
            {
                Write(change.Item);
            }
        }

        if (ended)
        {
            WriteCampaign(update.Campaign!);
        }

        output.Flush();
    }

    /// <inheritdoc/>
    public void Disconnected(string reason)
    {
        output.WriteLine($"{Now()}  {reason}");
        output.Flush();
    }

    private void WriteCampaign(Campaign campaign)
    {
        if (_campaign != (campaign.State, campaign.Explanation))
        {
            _campaign = (campaign.State, campaign.Explanation);
            output.WriteLine($"{Now()}  campaign {ResourceName.Id(campaign.Name)}  {EnumWord.Of(campaign.State)}  {campaign.Explanation}".TrimEnd());
        }

        foreach (var wave in campaign.Waves)
        {
            if (!_waves.TryGetValue(wave.Name, out var former) || former != wave.State)
            {
                _waves[wave.Name] = wave.State;
                output.WriteLine($"{Now()}  wave {wave.Name}  {EnumWord.Of(wave.State)}  {CampaignText.Progress(wave)}".TrimEnd());
            }
        }
    }

    private void Write(Item item)
        => output.WriteLine(
            $"{Now()}  {item.Wave}  {item.Host}  {item.VirtualMachineName}  {EnumWord.Of(item.State)}  {CampaignText.Explanation(item)}".TrimEnd());

    private string Now() => Quantity.Instant(time.GetUtcNow());
}
