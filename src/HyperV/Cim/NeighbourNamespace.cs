using Microsoft.Extensions.Logging;

namespace HostAgent.HyperV.Cim;

/// <summary>
/// A namespace beside Hyper-V's that is good to hear and never needed. Its silence is handed out as a reason, told to the log when it
/// begins and when it ends, and no failure of its own makes anything else fail.
/// </summary>
/// <param name="session">The session; null where the namespace is not looked at.</param>
/// <param name="logger">Where silence is told.</param>
internal sealed partial class NeighbourNamespace(ICimSession? session, ILogger logger)
{
    private int _silent;

    public async Task<Told<T>> AskAsync<T>(Func<ICimSession, Task<T>> question)
        where T : class
    {
        if (session is null)
        {
            return new Told<T>(null, IsAbsent: true);
        }

        try
        {
            var told = new Told<T>(await question(session));
            Heard();
            return told;
        }
        catch (CimException exception) when (exception.ErrorCode == CimErrorCode.InvalidNamespace)
        {
            Heard();
            return new Told<T>(null, IsAbsent: true);
        }
        catch (Exception exception) when (exception is CimException or CimDataException)
        {
            if (Interlocked.Exchange(ref _silent, 1) == 0)
            {
                LogSilent(session.Namespace, exception);
            }

            return new Told<T>(null, WhyNot: exception.Message);
        }
    }

    private void Heard()
    {
        if (Interlocked.Exchange(ref _silent, 0) == 1)
        {
            LogHeard(session!.Namespace);
        }
    }
}

/// <summary>What a neighbour namespace told.</summary>
/// <param name="Value">What it told; null when it did not.</param>
/// <param name="IsAbsent">Whether the host does not have the namespace.</param>
/// <param name="WhyNot">Why it told nothing though it may be there, in words; null otherwise.</param>
internal sealed record Told<T>(T? Value, bool IsAbsent = false, string? WhyNot = null)
    where T : class;
