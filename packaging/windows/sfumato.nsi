; The Windows installer: the frozen folder into Program Files or the user's own programs, a start
; menu entry, file types, and a way to remove it all again.
;
;   makensis -DVERSION=0.1.0 -DPAYLOAD=dist\sfumato -DOUTFILE=dist\sfumato-0.1.0-setup.exe sfumato.nsi
;
; PAYLOAD is what PyInstaller leaves on Windows: sfumato.exe (console), sfumato-desktop.exe, lib\.

Unicode true
SetCompressor /SOLID lzma
RequestExecutionLevel user
ManifestDPIAware true

!ifndef VERSION
  !error "Say -DVERSION=..."
!endif
!ifndef PAYLOAD
  !error "Say -DPAYLOAD=the frozen folder"
!endif
!ifndef OUTFILE
  !define OUTFILE "sfumato-${VERSION}-setup.exe"
!endif
!define KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\Sfumato"
!define TYPE "Sfumato.Document"

!include "MUI2.nsh"
!include "FileFunc.nsh"

Name "Sfumato"
OutFile "${OUTFILE}"
InstallDir "$LOCALAPPDATA\Programs\Sfumato"
InstallDirRegKey HKCU "${KEY}" "InstallLocation"

!insertmacro MUI_PAGE_LICENSE "${PAYLOAD}\lib\LICENSE"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "Korean"

Section "Sfumato"
  ; An older version goes first, so that none of its files stays among the new ones.
  IfFileExists "$INSTDIR\sfumato-desktop.exe" 0 +2
    RMDir /r "$INSTDIR\lib"
  SetOutPath "$INSTDIR"
  File /r "${PAYLOAD}\*"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortCut "$SMPROGRAMS\Sfumato.lnk" "$INSTDIR\sfumato-desktop.exe"

  WriteRegStr HKCU "Software\Classes\.sfumato" "" "${TYPE}"
  WriteRegStr HKCU "Software\Classes\${TYPE}" "" "Sfumato document"
  WriteRegStr HKCU "Software\Classes\${TYPE}\shell\open\command" "" '"$INSTDIR\sfumato-desktop.exe" "%1"'
  WriteRegStr HKCU "Software\Classes\Applications\sfumato-desktop.exe\shell\open\command" "" '"$INSTDIR\sfumato-desktop.exe" "%1"'

  WriteRegStr HKCU "${KEY}" "DisplayName" "Sfumato"
  WriteRegStr HKCU "${KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${KEY}" "Publisher" "The Sfumato developers"
  WriteRegStr HKCU "${KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegDWORD HKCU "${KEY}" "NoModify" 1
  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  WriteRegDWORD HKCU "${KEY}" "EstimatedSize" $0
SectionEnd

Section "Uninstall"
  ; By name and not the whole folder: the user may have chosen one that holds other things too.
  RMDir /r "$INSTDIR\lib"
  Delete "$INSTDIR\sfumato.exe"
  Delete "$INSTDIR\sfumato-desktop.exe"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\Sfumato.lnk"
  DeleteRegKey HKCU "Software\Classes\${TYPE}"
  DeleteRegKey HKCU "Software\Classes\.sfumato"
  DeleteRegKey HKCU "Software\Classes\Applications\sfumato-desktop.exe"
  DeleteRegKey HKCU "${KEY}"
SectionEnd
