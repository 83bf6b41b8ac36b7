using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Watch;

/// <summary>
/// Writes one plain line for each change of state: the time, the wave, the host, the machine, the state and the explanation.
/// What a snapshot repeats is not written again, so that a reconnected watch continues where it was.
/// </summary>
internal sealed class LinesWatchDisplay(TextWriter output, TimeProvider time) : IWatchDisplay
{
    private readonly CampaignView _view = new(time);
    private readonly Dictionary<string, WaveState> _waves = new(StringComparer.Ordinal);
    private (CampaignState State, PauseCause Cause) _campaign;

    /// <inheritdoc/>
    public Task<Campaign> ShowAsync(Func<Task<Campaign>> watch) => watch();

    /// <inheritdoc/>
    public void Update(CampaignUpdate update)
    {
        // An item of the snapshot that was never started has not changed since the plan.
        var changed = _view.Apply(update)
            .Where(change => change.Former != ItemState.Unspecified || !change.Item.State.IsUntouched())
            .Select(change => change.Item)
            .ToLookup(item => item.State.IsTerminal());

        // Causes before effects: ended items, then waves and the campaign, then started items.
        WriteAll(changed[true]);
        if (update.Campaign is { } campaign)
        {
            WriteChanges(campaign);
        }

        WriteAll(changed[false]);
        output.Flush();
    }

    /// <inheritdoc/>
    public void Disconnected(string reason) => Remark(reason);

    /// <inheritdoc/>
    public bool ShowsWaits => false;

    /// <inheritdoc/>
    public void Explain(ExplainCampaignResponse waits)
    {
        // Each item's line has its explanation, and each wave's what it waits for.
    }

    /// <inheritdoc/>
    public void Remark(string text)
    {
        output.WriteLine($"{Now()}  {text}");
        output.Flush();
    }

    // A campaign begins before its waves and ends after them.
    private void WriteChanges(Campaign campaign)
    {
        if (campaign.State.IsTerminal())
        {
            WriteWaves(campaign);
            WriteCampaign(campaign);
        }
        else
        {
            WriteCampaign(campaign);
            WriteWaves(campaign);
        }
    }

    private void WriteCampaign(Campaign campaign)
    {
        // The explanation counts items, which have lines of their own.
        if (_campaign != (campaign.State, campaign.PauseCause))
        {
            _campaign = (campaign.State, campaign.PauseCause);
            output.WriteLine($"{Now()}  campaign {ResourceName.Id(campaign.Name)}  {EnumWord.Of(campaign.State)}  {campaign.Explanation}".TrimEnd());
        }
    }

    private void WriteWaves(Campaign campaign)
    {
        foreach (var wave in campaign.Waves)
        {
            if (!_waves.TryGetValue(wave.Name, out var former) || former != wave.State)
            {
                _waves[wave.Name] = wave.State;
                output.WriteLine($"{Now()}  wave {wave.Name}  {EnumWord.Of(wave.State)}  {CampaignText.Progress(wave)}".TrimEnd());
            }
        }
    }

    private void WriteAll(IEnumerable<Item> items)
    {
        foreach (var item in items)
        {
            output.WriteLine(
                $"{Now()}  {item.Wave}  {item.Host}  {item.VirtualMachineName}  {EnumWord.Of(item.State)}  {CampaignText.Explanation(item)}".TrimEnd());
        }
    }

    private string Now() => Quantity.Instant(time.GetUtcNow());
}
