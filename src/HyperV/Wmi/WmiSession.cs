using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Wmi.Internal;

namespace HostAgent.HyperV.Wmi;

/// <summary>Opens sessions to Hyper-V's namespace over Windows Management Instrumentation.</summary>
public static class WmiSession
{
    /// <summary>Connects to <c>root\virtualization\v2</c> and makes sure that it offers failback.</summary>
    /// <param name="options">How the session behaves.</param>
    /// <param name="time">The clock of the deadlines.</param>
    /// <param name="cancellationToken">Gives up connecting.</param>
    /// <exception cref="WmiUnavailableException">There is no Hyper-V to talk to; the reason says why.</exception>
    public static async Task<ICimSession> ConnectAsync(WmiSessionOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        options.Validate();
        if (!OperatingSystem.IsWindows())
        {
            throw new WmiUnavailableException(
                WmiUnavailableReason.NotWindows, "Hyper-V's management interface exists on Windows only; this host does not run Windows.");
        }

        var session = new WmiCimSession(options, time);
        try
        {
            await session.VerifyAsync(cancellationToken);
            return session;
        }
        catch (CimException exception)
        {
            await session.DisposeAsync();
            throw WmiRefusals.Explain(options.Server, exception);
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }
}
