using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace HostAgent.HyperV.Wine.Harness.Com;

/// <summary>A class or an instance (wbemcli.h, IWbemClassObject). The order of the methods is the interface.</summary>
[GeneratedComInterface(StringMarshalling = StringMarshalling.Utf16)]
[Guid("dc12a681-737f-11cf-884d-00aa004b2e24")]
internal unsafe partial interface IWbemClassObject
{
    [PreserveSig]
    int GetQualifierSet(nint* set);

    [PreserveSig]
    int Get(string? name, int flags, ComVariant* value, int* type, int* flavor);

    [PreserveSig]
    int Put(string? name, int flags, ComVariant* value, int type);

    [PreserveSig]
    int Delete(string? name);

    [PreserveSig]
    int GetNames(string? qualifier, int flags, ComVariant* value, nint* names);

    [PreserveSig]
    int BeginEnumeration(int flags);

    [PreserveSig]
    int Next(int flags, nint* name, ComVariant* value, int* type, int* flavor);

    [PreserveSig]
    int EndEnumeration();

    [PreserveSig]
    int GetPropertyQualifierSet(string? name, nint* set);

    [PreserveSig]
    int Clone(nint* copy);

    [PreserveSig]
    int GetObjectText(int flags, nint* text);

    [PreserveSig]
    int SpawnDerivedClass(int flags, nint* derived);

    [PreserveSig]
    int SpawnInstance(int flags, nint* instance);

    [PreserveSig]
    int CompareTo(int flags, nint other);

    [PreserveSig]
    int GetPropertyOrigin(string? name, nint* origin);

    [PreserveSig]
    int InheritsFrom(string? ancestor);

    [PreserveSig]
    int GetMethod(string? name, int flags, nint* inputs, nint* outputs);

    [PreserveSig]
    int PutMethod(string? name, int flags, nint inputs, nint outputs);

    [PreserveSig]
    int DeleteMethod(string? name);

    [PreserveSig]
    int BeginMethodEnumeration(int flags);

    [PreserveSig]
    int NextMethod(int flags, nint* name, nint* inputs, nint* outputs);

    [PreserveSig]
    int EndMethodEnumeration();

    [PreserveSig]
    int GetMethodQualifierSet(string? name, nint* set);

    [PreserveSig]
    int GetMethodOrigin(string? name, nint* origin);
}
