using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace HostAgent.HyperV.Wine.Harness.Com;

/// <summary>One namespace (wbemcli.h, IWbemServices). The order of the methods is the interface.</summary>
[GeneratedComInterface]
[Guid("9556dc99-828c-11cf-a37e-00aa003240c7")]
internal unsafe partial interface IWbemServices
{
    [PreserveSig]
    int OpenNamespace(nint name, int flags, nint context, nint* services, nint* call);

    [PreserveSig]
    int CancelAsyncCall(nint sink);

    [PreserveSig]
    int QueryObjectSink(int flags, nint* sink);

    [PreserveSig]
    int GetObject([MarshalAs(UnmanagedType.BStr)] string? path, int flags, nint context, nint* found, nint* call);

    [PreserveSig]
    int GetObjectAsync(nint path, int flags, nint context, nint sink);

    [PreserveSig]
    int PutClass(nint item, int flags, nint context, nint* call);

    [PreserveSig]
    int PutClassAsync(nint item, int flags, nint context, nint sink);

    [PreserveSig]
    int DeleteClass(nint name, int flags, nint context, nint* call);

    [PreserveSig]
    int DeleteClassAsync(nint name, int flags, nint context, nint sink);

    [PreserveSig]
    int CreateClassEnum(nint superclass, int flags, nint context, nint* found);

    [PreserveSig]
    int CreateClassEnumAsync(nint superclass, int flags, nint context, nint sink);

    [PreserveSig]
    int PutInstance(nint item, int flags, nint context, nint* call);

    [PreserveSig]
    int PutInstanceAsync(nint item, int flags, nint context, nint sink);

    [PreserveSig]
    int DeleteInstance(nint path, int flags, nint context, nint* call);

    [PreserveSig]
    int DeleteInstanceAsync(nint path, int flags, nint context, nint sink);

    [PreserveSig]
    int CreateInstanceEnum(nint name, int flags, nint context, nint* found);

    [PreserveSig]
    int CreateInstanceEnumAsync(nint name, int flags, nint context, nint sink);

    [PreserveSig]
    int ExecQuery(
        [MarshalAs(UnmanagedType.BStr)] string? language, [MarshalAs(UnmanagedType.BStr)] string? query, int flags, nint context, nint* found);

    [PreserveSig]
    int ExecQueryAsync(nint language, nint query, int flags, nint context, nint sink);

    [PreserveSig]
    int ExecNotificationQuery(
        [MarshalAs(UnmanagedType.BStr)] string? language, [MarshalAs(UnmanagedType.BStr)] string? query, int flags, nint context, nint* found);

    [PreserveSig]
    int ExecNotificationQueryAsync(nint language, nint query, int flags, nint context, nint sink);

    [PreserveSig]
    int ExecMethod(
        [MarshalAs(UnmanagedType.BStr)] string? path, [MarshalAs(UnmanagedType.BStr)] string? method, int flags, nint context, nint inputs,
        nint* outputs, nint* call);

    [PreserveSig]
    int ExecMethodAsync(nint path, nint method, int flags, nint context, nint inputs, nint sink);
}
