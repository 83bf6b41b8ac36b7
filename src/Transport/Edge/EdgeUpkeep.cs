using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using HostAgent.Transport.Tls;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HostAgent.Transport.Edge;

/// <summary>
/// What a server does beside its calls: it reloads renewed certificates, checked every few seconds and on SIGHUP, and ends
/// connections whose peers have lost the right to them.
/// </summary>
internal sealed partial class EdgeUpkeep(EdgeLimits limits, SampledLog sampled, TimeProvider time, ILogger<EdgeUpkeep> log) : BackgroundService, IHostedLifecycleService
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private const int TicksBetweenLooksAtFiles = 5;

    private readonly ConcurrentDictionary<MutualTlsIdentity, (CredentialsRenewal Credentials, DenyListRenewal Denied)> _renewals = new();
    private readonly Lock _lock = new();
    private PosixSignalRegistration? _hangup;

    /// <summary>Starts maintaining an identity; repeated calls have no effect.</summary>
    public void LookAfter(MutualTlsIdentity identity) => _renewals.GetOrAdd(identity, added => (new CredentialsRenewal(added, log), new DenyListRenewal(added, log)));

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        // On Windows the signal means that the console was closed, and must end the process.
        if (!OperatingSystem.IsWindows())
        {
            _hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
            {
                signal.Cancel = true;
                LogAsked(log);
                LookAtFiles(always: true);
            });
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public override void Dispose()
    {
        _hangup?.Dispose();
        base.Dispose();
    }

    /// <summary>Checks the files of every identity.</summary>
    internal void LookAtFiles(bool always)
    {
        // A signal and the timer may come together.
        lock (_lock)
        {
            foreach (var (credentials, denied) in _renewals.Values)
            {
                credentials.Look(always);
                denied.Look(always);
            }
        }
    }

    /// <summary>Checks the deny lists, and ends the connections that must end.</summary>
    internal void ReviewConnections()
    {
        lock (_lock)
        {
            foreach (var (identity, (_, denied)) in _renewals)
            {
                denied.Look(always: false);
                identity.Connections.Review(identity.Denied, identity.Time.GetUtcNow(), limits.MaxConnectionAge, log);
            }
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            using var timer = new PeriodicTimer(Tick, time);
            for (var tick = 0; await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false); tick++)
            {
                DoTick(tick, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops; the framework would take the exception for a fault.
        }
    }

    private void DoTick(int tick, CancellationToken stoppingToken)
    {
        try
        {
            if (tick % TicksBetweenLooksAtFiles == 0)
            {
                LookAtFiles(always: false);
            }

            ReviewConnections();
            sampled.Flush();
        }
        catch (Exception) when (stoppingToken.IsCancellationRequested)
        {
            // What it looks after is being disposed of.
        }
        catch (Exception exception)
        {
            // If upkeep ended here, certificates would expire unnoticed; the next tick tries again.
            LogFailed(log, exception);
        }
    }

    [LoggerMessage(4015, LogLevel.Information, "SIGHUP received; reloading the certificate files")]
    private static partial void LogAsked(ILogger logger);

    [LoggerMessage(4016, LogLevel.Error, "Checking certificates and connections failed; retrying in one second")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
