using HostAgent.Coordinator.Agents;
using HostAgent.Failover;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Returns;

/// <content>How a return goes on in another process than the one that began it: both hosts obey the newest only.</content>
internal sealed partial class MachineReturn
{
    private readonly HashSet<Side> _unclaimed = [Side.Recovery, Side.Home];
    private Task _resuming = Task.CompletedTask;

    /// <summary>Goes on after a restart of the coordinator, and returns when its new epoch is durable: earlier owners are fenced out afterwards, before anything is decided or ordered.</summary>
    public async Task ResumeAsync()
    {
        await _gate.WaitAsync(stopping);
        try
        {
            await SaveAsync(State with { Epoch = State.Epoch + 1 });
        }
        catch
        {
            _gate.Release();
            throw;
        }

        _resuming = GoOnAsync();
    }

    // Has the gate. A host may be silent, or refuse this coordinator, which must keep neither the coordinator nor another machine from its work.
    private async Task GoOnAsync()
    {
        try
        {
            await Task.Yield();
            await ClaimAsync();
        }
        catch (Exception exception) when (stopping.IsCancellationRequested && exception is OperationCanceledException or RpcFailure)
        {
            // The coordinator is stopping; the next one goes on.
        }
        catch (Exception exception)
        {
            // Whoever is not fenced out by now is before the next step.
            LogNotGoingOn(exception);
        }
        finally
        {
            if (State.InHand is { } step)
            {
                _making = FinishAsync(step, read: null);
            }

            if (State.Running)
            {
                Loop.Start();
            }

            _gate.Release();
        }
    }

    private async Task ClaimAsync()
    {
        try
        {
            var silent = await services.Steps.ClaimAsync(State, [.. _unclaimed], stopping);
            _unclaimed.IntersectWith(silent);
        }
        catch (RpcFailure refusal)
        {
            if (AgentRefusals.IsBehind(refusal, State.Epoch))
            {
                await SaveAsync(State with { Epoch = State.Epoch + 1 });
            }

            Show(view => view with { Progress = refusal.Message });
            throw;
        }
    }

    private void LogNotGoingOn(Exception exception)
    {
        if (exception is RpcFailure refusal)
        {
            LogRefused(services.Logger, Name, refusal.Message);
        }
        else
        {
            LogTurnFailed(services.Logger, exception, Name, QuietPause);
        }
    }

    [LoggerMessage(EventId = 4104, Level = LogLevel.Error, Message = "{Return} could not go on; trying again in {Pause}")]
    private static partial void LogTurnFailed(ILogger logger, Exception exception, string @return, TimeSpan pause);

    [LoggerMessage(EventId = 4106, Level = LogLevel.Warning, Message = "{Return} does not go on: {Explanation}")]
    private static partial void LogRefused(ILogger logger, string @return, string explanation);
}
