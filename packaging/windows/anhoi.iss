; Inno Setup 6.3 or newer makes dist\anhoi-VERSION-setup.exe of dist\anhoi:
;   iscc /DVersion=0.1.0 packaging\windows\anhoi.iss
; It installs for one user, without an administrator. Photos are never touched.

#ifndef Version
  #error "Say which version: iscc /DVersion=0.1.0 packaging\windows\anhoi.iss"
#endif
#define Root "..\.."
#define Name "Ảnh Ơi"

[Setup]
; Never to be changed: Windows knows the program by it from version to version.
AppId={{7C0E0B0A-6C1B-4E5B-9D53-1F8B0F3B6A21}
AppName={#Name}
AppVersion={#Version}
AppVerName={#Name} {#Version}
AppPublisher={#Name}
VersionInfoVersion={#Version}
DefaultDirName={localappdata}\Programs\anhoi
DefaultGroupName={#Name}
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
LicenseFile={#Root}\LICENSE
InfoBeforeFile={#Root}\dist\anhoi\THIRD-PARTY-NOTICES.txt
SetupIconFile={#Root}\build\package\anhoi\app.ico
UninstallDisplayIcon={app}\anhoi.exe
UninstallDisplayName={#Name}
OutputDir={#Root}\dist
OutputBaseFilename=anhoi-{#Version}-setup
Compression=lzma2/normal
SolidCompression=yes
WizardStyle=modern
ShowLanguageDialog=auto
CloseApplications=yes
ChangesAssociations=yes

[Languages]
Name: "vi"; MessagesFile: "compiler:Default.isl,Vietnamese.isl"
Name: "en"; MessagesFile: "compiler:Default.isl"

[CustomMessages]
vi.FindInFolder=Tìm ảnh trong thư mục này
en.FindInFolder=Find photos in this folder
vi.FindLikeThis=Tìm ảnh giống thế này
en.FindLikeThis=Find photos like this
vi.FolderTask=Thêm mục “Tìm ảnh trong thư mục này” vào trình quản lý tệp
en.FolderTask=Add “Find photos in this folder” to the file manager
vi.PhotoTask=Thêm mục “Tìm ảnh giống thế này” cho các tệp ảnh
en.PhotoTask=Add “Find photos like this” for photo files
vi.DesktopTask=Tạo lối tắt trên màn hình nền
en.DesktopTask=Create a shortcut on the desktop
vi.Launch=Mở Ảnh Ơi
en.Launch=Open Ảnh Ơi
vi.Notices=Giấy phép của bên thứ ba
en.Notices=Third-party notices
vi.RemoveLibrary=Xoá cả thư viện (chỉ mục, hình thu nhỏ, mục yêu thích) và các mô hình đã tải về? Ảnh của bạn không bị động đến.
en.RemoveLibrary=Remove the library (indexes, thumbnails, favourites) and the downloaded models as well? Your photos are not touched.

[Tasks]
Name: "folders"; Description: "{cm:FolderTask}"
Name: "photos"; Description: "{cm:PhotoTask}"
Name: "desktop"; Description: "{cm:DesktopTask}"; Flags: unchecked

[InstallDelete]
; What an older version had and this one has not.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "{#Root}\dist\anhoi\*"; DestDir: "{app}"; Flags: recursesubdirs createallsubdirs ignoreversion

[Icons]
Name: "{group}\{#Name}"; Filename: "{app}\anhoi.exe"
Name: "{group}\{cm:Notices}"; Filename: "{app}\THIRD-PARTY-NOTICES.txt"
Name: "{userdesktop}\{#Name}"; Filename: "{app}\anhoi.exe"; Tasks: desktop

[Registry]
; Below the user's own classes only; each key goes with the program.
Root: HKCU; Subkey: "Software\Classes\Directory\shell\anhoi"; ValueType: string; ValueData: "{cm:FindInFolder}"; Flags: uninsdeletekey; Tasks: folders
Root: HKCU; Subkey: "Software\Classes\Directory\shell\anhoi"; ValueType: string; ValueName: "Icon"; ValueData: "{app}\anhoi.exe"; Flags: uninsdeletekey; Tasks: folders
Root: HKCU; Subkey: "Software\Classes\Directory\shell\anhoi\command"; ValueType: string; ValueData: """{app}\anhoi.exe"" ""%1"""; Flags: uninsdeletekey; Tasks: folders
Root: HKCU; Subkey: "Software\Classes\SystemFileAssociations\image\shell\anhoi"; ValueType: string; ValueData: "{cm:FindLikeThis}"; Flags: uninsdeletekey; Tasks: photos
Root: HKCU; Subkey: "Software\Classes\SystemFileAssociations\image\shell\anhoi"; ValueType: string; ValueName: "Icon"; ValueData: "{app}\anhoi.exe"; Flags: uninsdeletekey; Tasks: photos
Root: HKCU; Subkey: "Software\Classes\SystemFileAssociations\image\shell\anhoi\command"; ValueType: string; ValueData: """{app}\anhoi.exe"" ""%1"""; Flags: uninsdeletekey; Tasks: photos
; Written by the program itself where the user lets it start with Windows.
Root: HKCU; Subkey: "Software\Microsoft\Windows\CurrentVersion\Run"; ValueType: none; ValueName: "anhoi"; Flags: dontcreatekey uninsdeletevalue

[Run]
Filename: "{app}\anhoi.exe"; Description: "{cm:Launch}"; Flags: nowait postinstall skipifsilent

[Code]
{ The library goes only where the user says so; a silent uninstallation keeps it. }
procedure CurUninstallStepChanged(CurUninstallStep: TUninstallStep);
var
  Library: String;
begin
  if (CurUninstallStep <> usPostUninstall) or UninstallSilent then
    exit;
  Library := ExpandConstant('{localappdata}\anhoi');
  if DirExists(Library) and
     (MsgBox(ExpandConstant('{cm:RemoveLibrary}'), mbConfirmation, MB_YESNO or MB_DEFBUTTON2) = IDYES) then
    DelTree(Library, True, True, True);
end;
