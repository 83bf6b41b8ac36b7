/*
 * The native library that System.Management calls, for Wine, which has none.
 *
 * System.Management looks for it where the .NET Framework's registry key says, wants all of its names, and hands it COM interfaces:
 * the library connects, forwards calls on objects, and passes credentials on. Nothing needs credentials here, because both
 * namespaces that can be reached live in this process: Wine's own, and the one that the test program serves through SetConnectHook.
 */
#define COBJMACROS
#define CINTERFACE
#include <initguid.h>
#include <windows.h>
#include <wbemcli.h>

/* Serves a namespace: S_OK with the services, an error, or S_FALSE for a namespace that Wine shall look for. */
typedef HRESULT (WINAPI *ConnectHook)(LPCWSTR resource, IWbemServices **services);

static ConnectHook connect_hook;

void WINAPI SetConnectHook(ConnectHook hook)
{
    connect_hook = hook;
}

/* --- Process, thread, security ------------------------------------------------------------------------------------------ */

HRESULT WINAPI Initialize(BOOL allow_managed_threads)
{
    (void)allow_managed_threads;
    return S_OK;
}

void WINAPI VerifyClientKey(void)
{
}

/* No thread impersonates anybody here, so there is no token to put aside. */
HRESULT WINAPI SetSecurity(BOOL *needs_reset, HANDLE *token)
{
    *needs_reset = FALSE;
    *token = NULL;
    return S_OK;
}

HRESULT WINAPI ResetSecurity(HANDLE token)
{
    (void)token;
    return S_OK;
}

/* A proxy blanket is for a server in another process; both namespaces are in this one. */
HRESULT WINAPI BlessIWbemServices(IWbemServices *services, BSTR user, LPVOID password, BSTR authority, LONG level, LONG authentication)
{
    (void)services, (void)user, (void)password, (void)authority, (void)level, (void)authentication;
    return S_OK;
}

HRESULT WINAPI BlessIWbemServicesObject(IUnknown *object, BSTR user, LPVOID password, BSTR authority, LONG level, LONG authentication)
{
    (void)object, (void)user, (void)password, (void)authority, (void)level, (void)authentication;
    return S_OK;
}

HRESULT WINAPI GetCurrentApartmentType(LONG slot, IComThreadingInfo *threading, APTTYPE *type)
{
    (void)slot;
    return IComThreadingInfo_GetCurrentApartmentType(threading, type);
}

/* Asynchronous calls need a second channel back into the process; the product makes none. */
HRESULT WINAPI GetDemultiplexedStub(IUnknown *source, BOOL local, IUnknown **sink)
{
    (void)source, (void)local;
    *sink = NULL;
    return E_NOTIMPL;
}

/* Exported as GetErrorInfo, which is also the name of the function it calls. */
IErrorInfo *WINAPI TakeErrorInfo(void)
{
    IErrorInfo *info = NULL;
    return GetErrorInfo(0, &info) == S_OK ? info : NULL;
}

/* --- Objects ------------------------------------------------------------------------------------------------------------ */

/* System.Management passes an object's IUnknown and the number of a slot in its table; the interface says the slot by itself. */
#define FORWARD(interface, name, parameters, call) \
    HRESULT WINAPI name parameters \
    { \
        interface *self; \
        HRESULT result = IUnknown_QueryInterface(object, &IID_##interface, (void **)&self); \
        (void)slot; \
        if (FAILED(result)) \
            return result; \
        result = self->lpVtbl->call; \
        IUnknown_Release((IUnknown *)self); \
        return result; \
    }

#define OBJECT LONG slot, IUnknown *object

FORWARD(IWbemClassObject, GetQualifierSet, (OBJECT, IWbemQualifierSet **set), GetQualifierSet(self, set))
FORWARD(IWbemClassObject, GetRaw, (OBJECT, LPCWSTR name, LONG flags, VARIANT *value, CIMTYPE *type, LONG *flavor), Get(self, name, flags, value, type, flavor))
FORWARD(IWbemClassObject, Put, (OBJECT, LPCWSTR name, LONG flags, VARIANT *value, CIMTYPE type), Put(self, name, flags, value, type))
FORWARD(IWbemClassObject, Delete, (OBJECT, LPCWSTR name), Delete(self, name))
FORWARD(IWbemClassObject, GetNames, (OBJECT, LPCWSTR qualifier, LONG flags, VARIANT *value, SAFEARRAY **names), GetNames(self, qualifier, flags, value, names))
FORWARD(IWbemClassObject, BeginEnumeration, (OBJECT, LONG flags), BeginEnumeration(self, flags))
FORWARD(IWbemClassObject, Next, (OBJECT, LONG flags, BSTR *name, VARIANT *value, CIMTYPE *type, LONG *flavor), Next(self, flags, name, value, type, flavor))
FORWARD(IWbemClassObject, EndEnumeration, (OBJECT), EndEnumeration(self))
FORWARD(IWbemClassObject, GetPropertyQualifierSet, (OBJECT, LPCWSTR name, IWbemQualifierSet **set), GetPropertyQualifierSet(self, name, set))
FORWARD(IWbemClassObject, Clone, (OBJECT, IWbemClassObject **copy), Clone(self, copy))
FORWARD(IWbemClassObject, GetObjectText, (OBJECT, LONG flags, BSTR *text), GetObjectText(self, flags, text))
FORWARD(IWbemClassObject, SpawnDerivedClass, (OBJECT, LONG flags, IWbemClassObject **derived), SpawnDerivedClass(self, flags, derived))
FORWARD(IWbemClassObject, SpawnInstance, (OBJECT, LONG flags, IWbemClassObject **instance), SpawnInstance(self, flags, instance))
FORWARD(IWbemClassObject, CompareTo, (OBJECT, LONG flags, IWbemClassObject *other), CompareTo(self, flags, other))
FORWARD(IWbemClassObject, GetPropertyOrigin, (OBJECT, LPCWSTR name, BSTR *origin), GetPropertyOrigin(self, name, origin))
FORWARD(IWbemClassObject, InheritsFrom, (OBJECT, LPCWSTR ancestor), InheritsFrom(self, ancestor))
FORWARD(IWbemClassObject, GetMethod, (OBJECT, LPCWSTR name, LONG flags, IWbemClassObject **in, IWbemClassObject **out), GetMethod(self, name, flags, in, out))
FORWARD(IWbemClassObject, PutMethod, (OBJECT, LPCWSTR name, LONG flags, IWbemClassObject *in, IWbemClassObject *out), PutMethod(self, name, flags, in, out))
FORWARD(IWbemClassObject, DeleteMethod, (OBJECT, LPCWSTR name), DeleteMethod(self, name))
FORWARD(IWbemClassObject, BeginMethodEnumeration, (OBJECT, LONG flags), BeginMethodEnumeration(self, flags))
FORWARD(IWbemClassObject, NextMethod, (OBJECT, LONG flags, BSTR *name, IWbemClassObject **in, IWbemClassObject **out), NextMethod(self, flags, name, in, out))
FORWARD(IWbemClassObject, EndMethodEnumeration, (OBJECT), EndMethodEnumeration(self))
FORWARD(IWbemClassObject, GetMethodQualifierSet, (OBJECT, LPCWSTR name, IWbemQualifierSet **set), GetMethodQualifierSet(self, name, set))
FORWARD(IWbemClassObject, GetMethodOrigin, (OBJECT, LPCWSTR name, BSTR *origin), GetMethodOrigin(self, name, origin))

/* The paths that Wine's own provider writes are followed by zeros, which Windows' are not. */
HRESULT WINAPI Get(OBJECT, LPCWSTR name, LONG flags, VARIANT *value, CIMTYPE *type, LONG *flavor)
{
    HRESULT result = GetRaw(slot, object, name, flags, value, type, flavor);
    if (SUCCEEDED(result) && value && V_VT(value) == VT_BSTR && V_BSTR(value)) {
        UINT length = lstrlenW(V_BSTR(value));
        if (length < SysStringLen(V_BSTR(value)) && !SysReAllocStringLen(&V_BSTR(value), V_BSTR(value), length))
            return E_OUTOFMEMORY;
    }
    return result;
}

FORWARD(IWbemObjectAccess, GetPropertyHandle, (OBJECT, LPCWSTR name, CIMTYPE *type, LONG *handle), GetPropertyHandle(self, name, type, handle))
FORWARD(IWbemObjectAccess, WritePropertyValue, (OBJECT, LONG handle, LONG length, const BYTE *data), WritePropertyValue(self, handle, length, data))

FORWARD(IWbemQualifierSet, QualifierSet_Get, (OBJECT, LPCWSTR name, LONG flags, VARIANT *value, LONG *flavor), Get(self, name, flags, value, flavor))
FORWARD(IWbemQualifierSet, QualifierSet_Put, (OBJECT, LPCWSTR name, VARIANT *value, LONG flavor), Put(self, name, value, flavor))
FORWARD(IWbemQualifierSet, QualifierSet_Delete, (OBJECT, LPCWSTR name), Delete(self, name))
FORWARD(IWbemQualifierSet, QualifierSet_GetNames, (OBJECT, LONG flags, SAFEARRAY **names), GetNames(self, flags, names))
FORWARD(IWbemQualifierSet, QualifierSet_BeginEnumeration, (OBJECT, LONG flags), BeginEnumeration(self, flags))
FORWARD(IWbemQualifierSet, QualifierSet_Next, (OBJECT, LONG flags, BSTR *name, VARIANT *value, LONG *flavor), Next(self, flags, name, value, flavor))
FORWARD(IWbemQualifierSet, QualifierSet_EndEnumeration, (OBJECT), EndEnumeration(self))

/* --- Namespaces --------------------------------------------------------------------------------------------------------- */

#define CALLER LONG level, LONG authentication, IWbemServices *services, BSTR user, LPVOID password, BSTR authority
#define IGNORE_CALLER (void)level, (void)authentication, (void)user, (void)password, (void)authority

HRESULT WINAPI ConnectServerWmi(
    BSTR resource, BSTR user, LPVOID password, BSTR locale, LONG flags, BSTR authority, IWbemContext *context, IWbemServices **services,
    LONG level, LONG authentication)
{
    IWbemLocator *locator;
    HRESULT result = connect_hook ? connect_hook(resource, services) : S_FALSE;
    (void)user, (void)password, (void)level, (void)authentication;
    if (result != S_FALSE)
        return result;
    result = CoCreateInstance(&CLSID_WbemLocator, NULL, CLSCTX_INPROC_SERVER, &IID_IWbemLocator, (void **)&locator);
    if (FAILED(result))
        return result;
    result = IWbemLocator_ConnectServer(locator, resource, NULL, NULL, locale, flags, authority, context, services);
    IWbemLocator_Release(locator);
    return result;
}

HRESULT WINAPI ExecQueryWmi(BSTR language, BSTR query, LONG flags, IWbemContext *context, IEnumWbemClassObject **found, CALLER)
{
    IGNORE_CALLER;
    return IWbemServices_ExecQuery(services, language, query, flags, context, found);
}

HRESULT WINAPI ExecNotificationQueryWmi(BSTR language, BSTR query, LONG flags, IWbemContext *context, IEnumWbemClassObject **events, CALLER)
{
    IGNORE_CALLER;
    return IWbemServices_ExecNotificationQuery(services, language, query, flags, context, events);
}

HRESULT WINAPI CreateInstanceEnumWmi(BSTR name, LONG flags, IWbemContext *context, IEnumWbemClassObject **found, CALLER)
{
    IGNORE_CALLER;
    return IWbemServices_CreateInstanceEnum(services, name, flags, context, found);
}

HRESULT WINAPI CreateClassEnumWmi(BSTR name, LONG flags, IWbemContext *context, IEnumWbemClassObject **found, CALLER)
{
    IGNORE_CALLER;
    return IWbemServices_CreateClassEnum(services, name, flags, context, found);
}

HRESULT WINAPI PutInstanceWmi(IWbemClassObject *instance, LONG flags, IWbemContext *context, IWbemCallResult **call, CALLER)
{
    IGNORE_CALLER;
    return IWbemServices_PutInstance(services, instance, flags, context, call);
}

HRESULT WINAPI PutClassWmi(IWbemClassObject *class_object, LONG flags, IWbemContext *context, IWbemCallResult **call, CALLER)
{
    IGNORE_CALLER;
    return IWbemServices_PutClass(services, class_object, flags, context, call);
}

HRESULT WINAPI CloneEnumWbemClassObject(
    IEnumWbemClassObject **copy, LONG level, LONG authentication, IEnumWbemClassObject *current, BSTR user, LPVOID password, BSTR authority)
{
    IGNORE_CALLER;
    return IEnumWbemClassObject_Clone(current, copy);
}
