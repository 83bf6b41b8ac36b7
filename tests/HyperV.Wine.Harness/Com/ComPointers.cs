using System.Runtime.InteropServices.Marshalling;
using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Wine.Harness.Com;

/// <summary>Hands objects of ours to native callers, and turns exceptions into what COM calls answer.</summary>
internal static unsafe class ComPointers
{
    /// <summary>A counted pointer to the interface; the caller releases it.</summary>
    public static nint Of<T>(T item)
        where T : class
    {
        var pointer = (nint)ComInterfaceMarshaller<T>.ConvertToUnmanaged(item);
        if (item is not IWbemServices)
        {
            Handouts.Current?.Add(pointer);
        }

        return pointer;
    }

    /// <summary>The object of ours behind a pointer that a caller passes in; null for no pointer.</summary>
    public static T? From<T>(nint pointer)
        where T : class
        => ComInterfaceMarshaller<T>.ConvertToManaged((void*)pointer);

    /// <summary>Runs a call. An exception never crosses into native code.</summary>
    public static int Answer(Func<int> call)
    {
        try
        {
            return call();
        }
        catch (CimException refusal)
        {
            return unchecked((int)refusal.ErrorCode);
        }
        catch (OperationCanceledException)
        {
            return unchecked((int)CimErrorCode.CallCancelled);
        }
        catch (Exception failure)
        {
            // The caller sees WBEM_E_UNEXPECTED, which no case expects; whoever reads the log sees why.
            Console.Error.WriteLine($"The served namespace failed: {failure}");
            return unchecked((int)WbemStatus.Unexpected);
        }
    }
}
