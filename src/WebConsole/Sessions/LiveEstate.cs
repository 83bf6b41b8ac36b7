using System.Collections.Concurrent;
using Grpc.Core;
using HostAgent.Transport;

namespace HostAgent.WebConsole.Sessions;

/// <summary>
/// All campaigns and hosts as they are now, for one page: the coordinator's own stream of them, kept open and opened again when it is lost. It has no items; a page reads
/// those that it shows.
/// </summary>
public sealed class LiveEstate(ConsoleSession session, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentDictionary<string, Campaign> _campaigns = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, HostUpdate> _hosts = new(StringComparer.Ordinal);
    private Task? _reading;
    private Task? _telling;
    private volatile bool _changed;

    /// <summary>Something has changed, at most four times a second. Raised on any thread.</summary>
    public event EventHandler? Changed;

    /// <summary>The campaigns by name, without documents and items.</summary>
    public IReadOnlyDictionary<string, Campaign> Campaigns => _campaigns;

    /// <summary>The reachability of the hosts by name.</summary>
    public IReadOnlyDictionary<string, HostUpdate> Hosts => _hosts;

    /// <summary>Whether everything has been told once.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Why nothing is heard at present; null while the stream is open.</summary>
    public string? Lost { get; private set; }

    /// <summary>Since when nothing is heard.</summary>
    public DateTimeOffset? LostSince { get; private set; }

    /// <summary>Opens the stream; repeated calls have no effect.</summary>
    public void Start()
    {
        _reading ??= Task.Run(ReadAsync);
        _telling ??= Task.Run(TellAsync);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_reading ?? Task.CompletedTask, _telling ?? Task.CompletedTask).ConfigureAwait(false);
        _ending.Dispose();
    }

    private async Task ReadAsync()
    {
        var pause = FirstPause;
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                using var call = session.Campaigns.WatchCampaigns(new WatchCampaignsRequest(), cancellationToken: _ending.Token);
                HashSet<string> told = new(StringComparer.Ordinal);
                while (await call.ResponseStream.MoveNext(_ending.Token).ConfigureAwait(false))
                {
                    Take(call.ResponseStream.Current, told);
                    pause = FirstPause;
                }

                Lose("The coordinator has ended the stream of changes.");
            }
            catch (RpcException) when (_ending.IsCancellationRequested)
            {
                return;
            }
            catch (OperationCanceledException) when (_ending.IsCancellationRequested)
            {
                return;
            }
            catch (RpcException exception)
            {
                Lose(RpcFailure.From(exception).Message);
            }

            if (!await PauseAsync(pause).ConfigureAwait(false))
            {
                return;
            }

            pause = pause + pause < LongestPause ? pause + pause : LongestPause;
        }
    }

    private void Take(CampaignsUpdate update, HashSet<string> told)
    {
        foreach (var campaign in update.Campaigns)
        {
            _campaigns[campaign.Name] = campaign;
            told.Add(campaign.Name);
        }

        foreach (var deleted in update.DeletedCampaigns)
        {
            _campaigns.TryRemove(deleted, out _);
        }

        foreach (var host in update.Hosts)
        {
            _hosts[host.Name] = host;
        }

        if (!update.Snapshot && (!IsComplete || Lost is not null))
        {
            // What was deleted while the stream was lost is not in the new snapshot.
            foreach (var gone in _campaigns.Keys.Where(name => !told.Contains(name)))
            {
                _campaigns.TryRemove(gone, out _);
            }

            (IsComplete, Lost, LostSince) = (true, null, null);
        }

        _changed = true;
    }

    private void Lose(string why)
    {
        LostSince ??= time.GetUtcNow();
        Lost = why;
        _changed = true;
    }

    private async Task TellAsync()
    {
        while (await PauseAsync(Pace).ConfigureAwait(false))
        {
            if (_changed)
            {
                _changed = false;
                Changed?.Invoke(this, EventArgs.Empty);
            }
        }
    }

    private async Task<bool> PauseAsync(TimeSpan pause)
    {
        try
        {
            await Task.Delay(pause, time, _ending.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
