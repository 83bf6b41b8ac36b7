using Microsoft.Extensions.Logging;

namespace HostAgent.HyperV.Cim;

/// <summary>
/// An optional namespace next to Hyper-V's. When it does not answer, the reading carries the reason; the first failure and the
/// recovery are logged, and nothing else fails because of it.
/// </summary>
/// <param name="session">The session; null when the namespace is not used.</param>
/// <param name="logger">Receives the failure and the recovery.</param>
internal sealed partial class OptionalNamespace(ICimSession? session, ILogger logger)
{
    private int _notAnswering;

    public async Task<Reading<T>> AskAsync<T>(Func<ICimSession, Task<T>> question)
        where T : class
    {
        if (session is null)
        {
            return new Reading<T>(null, IsAbsent: true);
        }

        try
        {
            var reading = new Reading<T>(await question(session));
            MarkAnswering();
            return reading;
        }
        catch (CimException exception) when (exception.ErrorCode == CimErrorCode.InvalidNamespace)
        {
            MarkAnswering();
            return new Reading<T>(null, IsAbsent: true);
        }
        catch (Exception exception) when (exception is CimException or CimDataException)
        {
            if (Interlocked.Exchange(ref _notAnswering, 1) == 0)
            {
                LogSilent(session.Namespace, exception);
            }

            return new Reading<T>(null, WhyNot: exception.Message);
        }
    }

    private void MarkAnswering()
    {
        if (Interlocked.Exchange(ref _notAnswering, 0) == 1)
        {
            LogHeard(session!.Namespace);
        }
    }
}

/// <summary>What was read from an optional namespace.</summary>
/// <param name="Value">The value; null when nothing was read.</param>
/// <param name="IsAbsent">Whether the host does not have the namespace.</param>
/// <param name="WhyNot">Why nothing was read although the namespace may exist; null otherwise.</param>
internal sealed record Reading<T>(T? Value, bool IsAbsent = false, string? WhyNot = null)
    where T : class;
