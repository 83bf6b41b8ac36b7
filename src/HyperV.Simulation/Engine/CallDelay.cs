using HostAgent.HyperV.Simulation.Faults;

namespace HostAgent.HyperV.Simulation.Engine;

/// <summary>The delay of a slow host's answers.</summary>
internal sealed class CallDelay(IReadOnlyList<Fault> faults, TimeProvider time)
{
    private readonly SlowCallsFault[] _faults = [.. faults.OfType<SlowCallsFault>()];
    private int _calls;

    /// <summary>Returns an answer when it is due.</summary>
    public Task<T> Deliver<T>(Task<T> answer, CancellationToken cancellationToken)
    {
        if (_faults.Length == 0)
        {
            return answer;
        }

        var number = Interlocked.Increment(ref _calls);
        var slow = Array.Find(_faults, fault => fault.Times is not { } times || number <= times);
        return slow is null ? answer : LateAsync(answer, slow.Delay, cancellationToken);
    }

    private async Task<T> LateAsync<T>(Task<T> answer, TimeSpan delay, CancellationToken cancellationToken)
    {
        await Task.Delay(delay, time, cancellationToken);
        return await answer;
    }
}
