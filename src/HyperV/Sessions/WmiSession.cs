using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Mi;
using HostAgent.HyperV.Wmi;

namespace HostAgent.HyperV.Sessions;

/// <summary>
/// Opens sessions to a host's namespaces over Windows Management Instrumentation. The library that the options name is used; if it cannot be
/// loaded, the other. A library that was loaded is kept, whatever its calls end with.
/// </summary>
public static class WmiSession
{
    /// <summary>Connects to <c>root\virtualization\v2</c> and checks that it offers failback.</summary>
    /// <param name="options">Session settings.</param>
    /// <param name="time">Clock for the deadlines.</param>
    /// <param name="cancellationToken">Cancels the connection attempt.</param>
    /// <exception cref="WmiUnavailableException">Hyper-V is not available; the reason says why.</exception>
    public static async Task<ICimSession> ConnectAsync(WmiSessionOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var (session, verifyAsync) = Create(options, HyperVClasses.Namespace, time);
        try
        {
            await verifyAsync(cancellationToken);
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
    /// A session on another namespace of the host. It connects on its first call, so a namespace that is missing does not prevent
    /// startup: calls fail with <see cref="CimErrorCode.InvalidNamespace"/> until it exists.
    /// </summary>
    /// <param name="options">Session settings.</param>
    /// <param name="namespaceName">The namespace, for example <c>root\cimv2</c>.</param>
    /// <param name="time">Clock for the deadlines.</param>
    /// <exception cref="WmiUnavailableException">This is not Windows.</exception>
    public static ICimSession Open(WmiSessionOptions options, string namespaceName, TimeProvider time)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(namespaceName);
        return Create(options, namespaceName, time).Session;
    }

    private static (ICimSession Session, Func<CancellationToken, Task> VerifyAsync) Create(WmiSessionOptions options, string namespaceName, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        options.Validate();
        if (!OperatingSystem.IsWindows())
        {
            throw NotWindows();
        }

        if (WmiLibraryChoice.Choose(options.Library) is WmiLibrary.ManagementInfrastructure)
        {
            var infrastructure = new MiCimSession(options, time, namespaceName);
            return (infrastructure, infrastructure.VerifyAsync);
        }

        var management = new WmiCimSession(options, time, namespaceName);
        return (management, management.VerifyAsync);
    }

    private static WmiUnavailableException NotWindows() => new(
        WmiUnavailableReason.NotWindows, "Hyper-V's management interface exists on Windows only; this host does not run Windows.");
}

/// <summary>Hyper-V is not available. The message is one sentence for an operator: what is missing and what to do.</summary>
public sealed class WmiUnavailableException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="message">The message.</param>
    /// <param name="innerException">The original failure, if any.</param>
    public WmiUnavailableException(WmiUnavailableReason reason, string message, Exception? innerException = null)
        : base(message, innerException) => Reason = reason;

    /// <summary>Why.</summary>
    public WmiUnavailableReason Reason { get; }
}

/// <summary>Why Hyper-V is not available.</summary>
public enum WmiUnavailableReason
{
    /// <summary>The operating system is not Windows.</summary>
    NotWindows,

    /// <summary>The namespace does not exist: the Hyper-V role is not installed.</summary>
    NamespaceMissing,

    /// <summary>The account may not access the namespace.</summary>
    AccessDenied,

    /// <summary>The platform has no InitiateFailback: it predates Windows 8.1 and Windows Server 2012 R2.</summary>
    PlatformTooOld,

    /// <summary>The host or its management infrastructure does not answer.</summary>
    NotReachable,
}
