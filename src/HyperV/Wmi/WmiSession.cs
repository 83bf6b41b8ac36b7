using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Wmi.Internal;

namespace HostAgent.HyperV.Wmi;

/// <summary>Opens sessions to a host's namespaces over Windows Management Instrumentation.</summary>
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
            throw NotWindows();
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

    /// <summary>
    /// A session on another namespace of the host. It connects with its first call, so that a namespace that is missing, or missing for
    /// now, keeps nobody from starting: its calls fail with <see cref="CimErrorCode.InvalidNamespace"/> until it is there.
    /// </summary>
    /// <param name="options">How the session behaves.</param>
    /// <param name="namespaceName">The namespace, for example <c>root\cimv2</c>.</param>
    /// <param name="time">The clock of the deadlines.</param>
    /// <exception cref="WmiUnavailableException">This is not Windows.</exception>
    public static ICimSession Open(WmiSessionOptions options, string namespaceName, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(namespaceName);
        ArgumentNullException.ThrowIfNull(time);
        options.Validate();
        return OperatingSystem.IsWindows() ? new WmiCimSession(options, time, namespaceName) : throw NotWindows();
    }

    private static WmiUnavailableException NotWindows() => new(
        WmiUnavailableReason.NotWindows, "Hyper-V's management interface exists on Windows only; this host does not run Windows.");
}
