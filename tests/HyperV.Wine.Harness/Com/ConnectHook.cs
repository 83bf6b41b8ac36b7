using System.Runtime.InteropServices;

namespace HostAgent.HyperV.Wine.Harness.Com;

/// <summary>Lets this process serve namespaces to itself: the bridge asks here before it asks Wine.</summary>
internal sealed unsafe class ConnectHook : IDisposable
{
    private readonly delegate* unmanaged<nint, void> _set;

    // The native side keeps only its address; this keeps it alive.
    private readonly Connect _connect;

    /// <param name="connect">Answers a connection to a resource, for example <c>\\.\root\virtualization\v2</c>: the services, or null for Wine to look.</param>
    /// <exception cref="InvalidOperationException">The bridge is not where System.Management looks for it.</exception>
    public ConnectHook(Func<string, IWbemServices?> connect)
    {
        if (!NativeLibrary.TryLoad(BridgePath, out var bridge))
        {
            throw new InvalidOperationException($"There is no bridge at {BridgePath}: this program runs in the prefix that tests/HyperV.Wine makes.");
        }

        _set = (delegate* unmanaged<nint, void>)NativeLibrary.GetExport(bridge, "SetConnectHook");
        _connect = (resource, services) => ComPointers.Answer(() =>
        {
            if (connect(Marshal.PtrToStringUni(resource)!) is not { } served)
            {
                return WbemStatus.False;
            }

            *services = ComPointers.Of(served);
            return WbemStatus.Ok;
        });
        _set(Marshal.GetFunctionPointerForDelegate(_connect));
    }

    [UnmanagedFunctionPointer(CallingConvention.Winapi)]
    private delegate int Connect(nint resource, nint* services);

    private static string BridgePath => @"C:\windows\Microsoft.NET\Framework64\v4.0.30319\wminet_utils.dll";

    public void Dispose()
    {
        _set(0);
        GC.KeepAlive(_connect);
    }
}
