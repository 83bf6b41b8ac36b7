using System.Management;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace HostAgent.HyperV.Wmi;

/// <summary>
/// Releases WMI objects when their use ends. The classes of System.Management hide <c>Dispose</c> with <c>new</c>, so a <c>using</c> on
/// such an object calls <c>Component.Dispose</c>, which leaves the COM object to the garbage collector (dotnet/runtime#117539).
/// </summary>
[SupportedOSPlatform("windows")]
internal static class WmiObjects
{
    /// <summary>Holds an object until the end of a <c>using</c>.</summary>
    public static Held<T> Hold<T>(T item)
        where T : ManagementBaseObject? => new(item, isWrapped: false);

    /// <summary>Holds an object that came as a property's value, as a row or as an event until the end of a <c>using</c>.</summary>
    public static Held<ManagementBaseObject> HoldWrapped(ManagementBaseObject item) => new(item, isWrapped: true);

    /// <summary>Releases an object through its most derived class: a derived one holds more than its base.</summary>
    public static void Release(ManagementBaseObject? item)
    {
        switch (item)
        {
            case ManagementObject instance:
                instance.Dispose();
                break;
            case { } other:
                other.Dispose();
                break;
            case null:
                break;
        }
    }

    /// <summary>
    /// Releases an object that came as a property's value, as a row or as an event. The runtime holds such an object a second time, by a
    /// wrapper that System.Management drops without releasing it.
    /// </summary>
    private static void ReleaseWrapped(ManagementBaseObject item)
    {
        // The runtime finds the wrapper that it has made for the same object.
        var wrapper = Marshal.GetObjectForIUnknown((nint)item);
        Release(item);
        Marshal.FinalReleaseComObject(wrapper);
    }

    /// <summary>An object that is released at the end of a <c>using</c>.</summary>
    /// <param name="item">The object, or null.</param>
    /// <param name="isWrapped">Whether the runtime holds it a second time.</param>
    public readonly ref struct Held<T>(T item, bool isWrapped)
        where T : ManagementBaseObject?
    {
        /// <summary>The object.</summary>
        public T Item => item;

        public void Dispose()
        {
            if (isWrapped)
            {
                ReleaseWrapped(item!);
            }
            else
            {
                Release(item);
            }
        }
    }
}
