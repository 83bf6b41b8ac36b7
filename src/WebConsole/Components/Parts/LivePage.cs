using Grpc.Core;
using HostAgent.Transport;
using HostAgent.WebConsole.Sessions;
using Microsoft.AspNetCore.Components;

namespace HostAgent.WebConsole.Components.Parts;

/// <summary>
/// A page that shows what is now: it reads when it is opened, when the coordinator tells of a change, and while something is under way every few seconds. One reading at
/// a time; what changes meanwhile is read after it, and of many changes a second the page shows the newest once a second.
/// </summary>
public abstract class LivePage : ComponentBase, IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private const int TicksBetweenReads = 3;

    // Not disposed: what is still being read when the page is left asks it.
    private readonly CancellationTokenSource _leaving = new();
    private bool _isReading;
    private bool _isStale;
    private bool _isTold;
    private long _readAt;
    private Task _ticking = Task.CompletedTask;

    /// <summary>The page's session.</summary>
    [Inject]
    protected ConsoleSession Session { get; set; } = null!;

    /// <summary>What the coordinator tells.</summary>
    [Inject]
    protected LiveEstate Live { get; set; } = null!;

    /// <summary>The viewer's clock.</summary>
    [Inject]
    protected ViewerTime Time { get; set; } = null!;

    /// <summary>The address, which holds what the page shows.</summary>
    [Inject]
    protected NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private TimeProvider Clock { get; set; } = null!;

    /// <summary>Why the page could not be read the last time; null when it could.</summary>
    protected RpcFailure? Refusal { get; private set; }

    /// <summary>Cancelled when the page is left.</summary>
    protected CancellationToken Leaving => _leaving.Token;

    /// <summary>Whether something that the stream does not tell can have changed.</summary>
    protected virtual bool IsUnderWay => false;

    /// <summary>Whether what was told concerns this page.</summary>
    protected virtual bool IsConcerned => true;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Live.Changed -= OnChanged;
        await _leaving.CancelAsync();
        await _ticking;
        GC.SuppressFinalize(this);
    }

    /// <summary>Reads what the page shows.</summary>
    protected abstract Task ReadAsync();

    /// <summary>Reads again, and shows it.</summary>
    protected async Task ReloadAsync()
    {
        if (_isReading)
        {
            _isStale = true;
            return;
        }

        _isReading = true;
        try
        {
            do
            {
                _isStale = false;
                await ReadAsync();
                Refusal = null;
            }
            while (_isStale && !_leaving.IsCancellationRequested);
        }
        catch (RpcException exception) when (_leaving.IsCancellationRequested && exception.StatusCode == StatusCode.Cancelled)
        {
            return;
        }
        catch (RpcException exception)
        {
            Refusal = RpcFailure.From(exception);
        }
        finally
        {
            (_isReading, _readAt) = (false, Clock.GetTimestamp());
        }

        Show();
    }

    /// <summary>Shows what was read, also beside <see cref="ReadAsync"/>; nothing once the page was left, for there is nothing left to show it on.</summary>
    protected void Show()
    {
        if (!_leaving.IsCancellationRequested)
        {
            StateHasChanged();
        }
    }

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        Live.Changed += OnChanged;
        Live.Start();
        _ticking = TickAsync();
    }

    /// <inheritdoc/>
    protected override Task OnParametersSetAsync() => ReloadAsync();

    /// <summary>The same address with another value of a parameter; without it when the value is null or empty.</summary>
    protected string With(string parameter, string? value) => Navigation.GetUriWithQueryParameter(parameter, string.IsNullOrEmpty(value) ? null : value);

    private void OnChanged(object? sender, EventArgs told)
    {
        if (IsConcerned)
        {
            _ = InvokeAsync(TellAsync);
        }
    }

    private async Task TellAsync()
    {
        if (_isReading || (_readAt != 0 && Clock.GetElapsedTime(_readAt) < Tick))
        {
            // A campaign of thousands changes all the time: the next tick reads it.
            _isTold = true;
            return;
        }

        try
        {
            await ReloadAsync();
        }
        catch (Exception exception)
        {
            // Nobody waits for it: the frame shows that the page has failed.
            await DispatchExceptionAsync(exception);
        }
    }

    // Clocks on the page go on, and what is under way is read again.
    private async Task TickAsync()
    {
        try
        {
            using var timer = new PeriodicTimer(Tick, Clock);
            for (var tick = 1; await timer.WaitForNextTickAsync(_leaving.Token); tick++)
            {
                if (_isTold || (IsUnderWay && tick % TicksBetweenReads == 0))
                {
                    _isTold = false;
                    await ReloadAsync();
                }
                else if (IsUnderWay)
                {
                    StateHasChanged();
                }
            }
        }
        catch (OperationCanceledException) when (_leaving.IsCancellationRequested)
        {
            // The page was left.
        }
        catch (Exception exception)
        {
            await DispatchExceptionAsync(exception);
        }
    }
}
