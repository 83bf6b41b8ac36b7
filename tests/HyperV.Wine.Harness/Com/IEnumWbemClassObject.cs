using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace HostAgent.HyperV.Wine.Harness.Com;

/// <summary>What a query has found, or what happens while it stands (wbemcli.h, IEnumWbemClassObject).</summary>
[GeneratedComInterface]
[Guid("027947e1-d731-11ce-a357-000000000001")]
internal unsafe partial interface IEnumWbemClassObject
{
    [PreserveSig]
    int Reset();

    [PreserveSig]
    int Next(int timeout, uint count, nint* objects, uint* returned);

    [PreserveSig]
    int NextAsync(uint count, nint sink);

    [PreserveSig]
    int Clone(nint* copy);

    [PreserveSig]
    int Skip(int timeout, uint count);
}
