using HostAgent.Contracts.Campaigns.V1;
using Spectre.Console;

namespace HostAgent.Cli.Watch.Screen;

/// <summary>
/// Redraws the campaign in place on a terminal, a few times a second however many updates arrive. The last drawing stays.
/// </summary>
internal sealed class LiveWatchDisplay(IAnsiConsole console, TimeProvider time) : IWatchDisplay
{
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(125);

    private readonly CampaignView _view = new(time);
    private readonly Lock _gate = new();
    private bool _changed;
    private (int Width, int Height) _size;

    /// <inheritdoc/>
    public async Task<Campaign> ShowAsync(Func<Task<Campaign>> watch)
        => await console.Live(Draw()).AutoClear(false).StartAsync(async live =>
        {
            using var ended = new CancellationTokenSource();
            var drawing = RedrawAsync(live, ended.Token);
            try
            {
                return await watch();
            }
            finally
            {
                await ended.CancelAsync();
                await drawing;
                Redraw(live);
            }
        });

    /// <inheritdoc/>
    public void Update(CampaignUpdate update)
    {
        lock (_gate)
        {
            _view.Apply(update);
            _changed = true;
        }
    }

    /// <inheritdoc/>
    public void Disconnected(string reason)
    {
        lock (_gate)
        {
            _view.Disconnected = reason;
            _changed = true;
        }
    }

    /// <inheritdoc/>
    public bool ShowsWaits => true;

    /// <inheritdoc/>
    public void Explain(ExplainCampaignResponse waits)
    {
        lock (_gate)
        {
            _view.Waits = waits;
            _changed = true;
        }
    }

    /// <inheritdoc/>
    public void Remark(string text)
    {
        lock (_gate)
        {
            _view.Remark = text;
            _changed = true;
        }
    }

    private async Task RedrawAsync(LiveDisplayContext live, CancellationToken ended)
    {
        using var timer = new PeriodicTimer(Frame, time);
        try
        {
            while (await timer.WaitForNextTickAsync(ended))
            {
                Redraw(live);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The watch has ended; the caller draws the last screen.
        }
    }

    // An unchanged screen is not redrawn; only a running clock changes without an update.
    private void Redraw(LiveDisplayContext live)
    {
        lock (_gate)
        {
            var runs = _view.Campaign is { StartTime: not null, EndTime: null };
            if (!_changed && !runs && _size == (console.Profile.Width, console.Profile.Height))
            {
                return;
            }
        }

        live.UpdateTarget(Draw());
    }

    private Spectre.Console.Rendering.IRenderable Draw()
    {
        lock (_gate)
        {
            _changed = false;
            _size = (console.Profile.Width, console.Profile.Height);
            return new WatchScreen(_view, time).Draw(console.Profile.Width, console.Profile.Height, console.Profile.Capabilities.Unicode);
        }
    }
}
