using System.Runtime.InteropServices;

namespace HostAgent.HyperV.Wine.Harness.Com;

/// <summary>Lets this process serve namespaces to itself: the libraries of the bridge ask here before they ask Wine.</summary>
internal sealed unsafe class ConnectHook : IDisposable
{
    private readonly List<nint> _setters;

    // The native side keeps only its address; this keeps it alive.
    private readonly Connect _connect;

    /// <param name="connect">Answers a connection to a resource, for example <c>\\.\root\virtualization\v2</c>: the services, or null for Wine to look.</param>
    /// <exception cref="InvalidOperationException">The bridge is not where the adapters look for it.</exception>
    public ConnectHook(Func<string, IWbemServices?> connect)
    {
        _setters = [SetterOf(@"C:\windows\Microsoft.NET\Framework64\v4.0.30319\wminet_utils.dll"), SetterOf(ManagementInfrastructure.Path)];
        _connect = (resource, services) => ComPointers.Answer(() =>
        {
            if (connect(Marshal.PtrToStringUni(resource)!) is not { } served)
            {
                return WbemStatus.False;
            }

            *services = ComPointers.Of(served);
            return WbemStatus.Ok;
        });
        Set(Marshal.GetFunctionPointerForDelegate(_connect));
    }

    [UnmanagedFunctionPointer(CallingConvention.Winapi)]
    private delegate int Connect(nint resource, nint* services);

    public void Dispose()
    {
        Set(0);
        GC.KeepAlive(_connect);
    }

    private static nint SetterOf(string path) => NativeLibrary.TryLoad(path, out var library)
        ? NativeLibrary.GetExport(library, "SetConnectHook")
        : throw new InvalidOperationException($"There is no bridge at {path}: this program runs in the prefix that tests/HyperV.Wine makes.");

    private void Set(nint hook) => _setters.ForEach(setter => ((delegate* unmanaged<nint, void>)setter)(hook));
}
