<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>Actions</name>
    <message>
        <source>picture</source>
        <translation>그림</translation>
    </message>
    <message>
        <source>The clipboard holds no picture. Copy a picture or a picture file first.</source>
        <translation>클립보드에 그림이 없습니다. 먼저 그림이나 그림 파일을 복사하세요.</translation>
    </message>
    <message>
        <source>Pasted picture</source>
        <translation>붙여넣은 그림</translation>
    </message>
    <message>
        <source>reconstruction</source>
        <translation>복원</translation>
    </message>
    <message>
        <source>The sheet is of another method than the panel; open a new one.</source>
        <translation>이 훑어보기는 패널과 다른 방식으로 열린 것입니다. 새로 여세요.</translation>
    </message>
    <message>
        <source>There is no picture yet. Open one with Ctrl+O.</source>
        <translation>아직 그림이 없습니다. Ctrl+O로 그림을 여세요.</translation>
    </message>
    <message>
        <source>Fill needs a selection. Paint over what should change with the brush (B).</source>
        <translation>채우려면 선택 영역이 필요합니다. 바꿀 곳을 브러시(B)로 칠하세요.</translation>
    </message>
    <message>
        <source>“Make it” is empty. Type what the picture should become.</source>
        <translation>“이렇게 바꾸기”가 비어 있습니다. 그림이 어떻게 되어야 할지 입력하세요.</translation>
    </message>
    <message>
        <source>removed</source>
        <translation>지움</translation>
    </message>
    <message>
        <source>{name} holds the picture as it looks. Not in it: {things}. Save as a Sfumato document (.sfumato) to keep all.</source>
        <translation>{name}에는 보이는 그대로의 그림만 저장되었습니다. 저장되지 않은 것: {things}. 모두 보관하려면 Sfumato 문서(.sfumato)로 저장하세요.</translation>
    </message>
    <message>
        <source>Grow the selection</source>
        <translation>선택 영역 넓히기</translation>
    </message>
    <message>
        <source>How far it spreads, in picture pixels</source>
        <translation>선택 영역이 넓어지는 거리(그림 픽셀)</translation>
    </message>
    <message>
        <source>Shrink the selection</source>
        <translation>선택 영역 좁히기</translation>
    </message>
    <message>
        <source>How far it draws in, in picture pixels</source>
        <translation>선택 영역이 좁아지는 거리(그림 픽셀)</translation>
    </message>
    <message>
        <source>Feather the selection</source>
        <translation>선택 영역 가장자리 흐리기</translation>
    </message>
    <message>
        <source>How far its edge softens to either side, in picture pixels</source>
        <translation>가장자리가 양쪽으로 부드러워지는 거리(그림 픽셀)</translation>
    </message>
    <message>
        <source>Fill holes</source>
        <translation>구멍 채우기</translation>
    </message>
    <message>
        <source>Load selection</source>
        <translation>선택 영역 불러오기</translation>
    </message>
    <message>
        <source>{picture}-selection.png</source>
        <translation>{picture}-선택.png</translation>
    </message>
    <message>
        <source>Nothing of the selection would be left, so it stays as it is. Choose fewer pixels.</source>
        <translation>선택 영역이 남지 않게 되므로 그대로 두었습니다. 더 적은 픽셀을 고르세요.</translation>
    </message>
    <message>
        <source>Nothing is selected yet. Paint with the brush (B) or go around it with the lasso (L) first.</source>
        <translation>아직 선택한 것이 없습니다. 먼저 브러시(B)로 칠하거나 올가미(L)로 둘러싸세요.</translation>
    </message>
    <message>
        <source>The frame lies at the picture&apos;s edges. Drag it outwards, or type how far it reaches.</source>
        <translation>틀이 그림 가장자리에 있습니다. 바깥으로 끌거나 얼마나 넓힐지 입력하세요.</translation>
    </message>
    <message>
        <source>extended</source>
        <translation>확장됨</translation>
    </message>
    <message>
        <source>Nothing lies outside the frame. Drag one of its edges inwards first.</source>
        <translation>틀 밖에 있는 부분이 없습니다. 먼저 한쪽 가장자리를 안으로 끄세요.</translation>
    </message>
    <message>
        <source>Crop to frame</source>
        <translation>틀에 맞춰 자르기</translation>
    </message>
    <message>
        <source>Blend needs two results of the same edit. Run it again, or ask for variations.</source>
        <translation>섞으려면 같은 편집의 결과가 두 개 있어야 합니다. 다시 실행하거나 변형 수를 늘리세요.</translation>
    </message>
    <message>
        <source>Paint over the missing pixels with the brush (B), then restore them.</source>
        <translation>브러시(B)로 없어진 픽셀을 칠한 다음 복원하세요.</translation>
    </message>
    <message>
        <source>Select a box</source>
        <translation>상자 선택</translation>
    </message>
</context>
<context>
    <name>AmountDialog</name>
    <message>
        <source>Pixels</source>
        <translation>픽셀</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
</context>
<context>
    <name>AnchorGrid</name>
    <message>
        <source>column {column}, row {row}</source>
        <translation>{column}열 {row}행</translation>
    </message>
</context>
<context>
    <name>BlendDialog</name>
    <message>
        <source>Blend two results</source>
        <translation>두 결과 섞기</translation>
    </message>
    <message>
        <source>Blend</source>
        <translation>섞기</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <source>First result</source>
        <translation>첫째 결과</translation>
    </message>
    <message>
        <source>Second result</source>
        <translation>둘째 결과</translation>
    </message>
    <message>
        <source>Amount of the second</source>
        <translation>둘째의 비율</translation>
    </message>
    <message>
        <source>Where the new picture lies on the way from the first to the second</source>
        <translation>첫째에서 둘째로 가는 길에서 새 그림이 놓일 자리</translation>
    </message>
    <message>
        <source>first</source>
        <translation>첫째</translation>
    </message>
    <message>
        <source>second</source>
        <translation>둘째</translation>
    </message>
    <message>
        <source>Run the edit from noise between the two; the result joins the strip</source>
        <translation>두 결과 사이의 잡음에서 편집을 실행합니다. 결과는 아래 목록에 더해집니다</translation>
    </message>
    <message>
        <source>Close (Esc)</source>
        <translation>닫기 (Esc)</translation>
    </message>
</context>
<context>
    <name>BoxDialog</name>
    <message>
        <source>Select a box</source>
        <translation>상자 선택</translation>
    </message>
    <message>
        <source>Select</source>
        <translation>선택</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>왼쪽</translation>
    </message>
    <message>
        <source>Pixels between the picture&apos;s left and the box</source>
        <translation>그림 왼쪽 끝에서 상자까지의 픽셀</translation>
    </message>
    <message>
        <source>Top</source>
        <translation>위</translation>
    </message>
    <message>
        <source>Pixels between the picture&apos;s top and the box</source>
        <translation>그림 위쪽 끝에서 상자까지의 픽셀</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>너비</translation>
    </message>
    <message>
        <source>The box&apos;s width in picture pixels</source>
        <translation>상자의 너비(그림 픽셀)</translation>
    </message>
    <message>
        <source>Height</source>
        <translation>높이</translation>
    </message>
    <message>
        <source>The box&apos;s height in picture pixels</source>
        <translation>상자의 높이(그림 픽셀)</translation>
    </message>
</context>
<context>
    <name>Canvas</name>
    <message>
        <source>Ellipse</source>
        <translation>타원</translation>
    </message>
    <message>
        <source>Lasso</source>
        <translation>올가미</translation>
    </message>
    <message>
        <source>Object in a box</source>
        <translation>상자 속 물체</translation>
    </message>
    <message>
        <source>Polygon</source>
        <translation>다각형</translation>
    </message>
    <message>
        <source>Rectangle</source>
        <translation>사각형</translation>
    </message>
    <message>
        <source>Magic wand</source>
        <translation>자동 선택 봉</translation>
    </message>
</context>
<context>
    <name>CanvasView</name>
    <message>
        <source>Canvas</source>
        <translation>캔버스</translation>
    </message>
    <message>
        <source>Open a picture (Ctrl+O), paste one (Ctrl+V)
or drop it here.</source>
        <translation>그림을 열거나(Ctrl+O) 붙여넣거나(Ctrl+V)
여기에 끌어다 놓으세요.</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>이전</translation>
    </message>
    <message>
        <source>After</source>
        <translation>이후</translation>
    </message>
    <message>
        <source>No picture is open.</source>
        <translation>열린 그림이 없습니다.</translation>
    </message>
    <message>
        <source>{width} by {height} pixels at {zoom} percent. Arrow keys pan, Tab held shows the original, Ctrl+Tab and Shift+Tab leave the canvas.</source>
        <translation>가로 {width}, 세로 {height}픽셀, {zoom}%. 화살표 키로 이동하고, Tab을 누르는 동안 원본이 보이며, Ctrl+Tab과 Shift+Tab으로 캔버스를 떠납니다.</translation>
    </message>
</context>
<context>
    <name>CellButton</name>
    <message>
        <source>Take this as a result</source>
        <translation>이것을 결과로 가져오기</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>대기 중</translation>
    </message>
    <message>
        <source>running</source>
        <translation>진행 중</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>실패</translation>
    </message>
    <message>
        <source>given up</source>
        <translation>중단됨</translation>
    </message>
</context>
<context>
    <name>Coach</name>
    <message>
        <source>{number} of {count}</source>
        <translation>{count}단계 중 {number}단계</translation>
    </message>
    <message>
        <source>Tour: {step}</source>
        <translation>둘러보기: {step}</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>마치기</translation>
    </message>
    <message>
        <source>Skip the tour</source>
        <translation>둘러보기 건너뛰기</translation>
    </message>
    <message>
        <source>Do it for me</source>
        <translation>대신 해 주기</translation>
    </message>
    <message>
        <source>Let the tour do this step</source>
        <translation>이 단계를 둘러보기가 대신 합니다</translation>
    </message>
    <message>
        <source>Close the tour; it is in the Help menu</source>
        <translation>둘러보기를 닫습니다. 도움말 메뉴에서 다시 열 수 있습니다</translation>
    </message>
</context>
<context>
    <name>ColourChoice</name>
    <message>
        <source>Theme&apos;s own</source>
        <translation>테마 기본색</translation>
    </message>
    <message>
        <source>Selection colour: the theme&apos;s own</source>
        <translation>선택 영역 색: 테마 기본색</translation>
    </message>
    <message>
        <source>Take the theme&apos;s accent colour again</source>
        <translation>테마의 강조색으로 되돌립니다</translation>
    </message>
    <message>
        <source>Theme&apos;s own colour</source>
        <translation>테마 기본색</translation>
    </message>
    <message>
        <source>Selection colour: {colour}</source>
        <translation>선택 영역 색: {colour}</translation>
    </message>
    <message>
        <source>Choose the colour that selections are drawn in</source>
        <translation>선택 영역을 그릴 색을 고릅니다</translation>
    </message>
    <message>
        <source>Selection colour</source>
        <translation>선택 영역 색</translation>
    </message>
</context>
<context>
    <name>Commands</name>
    <message>
        <source>Open…</source>
        <translation>열기…</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>저장</translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation>다른 이름으로 저장…</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>내보내기…</translation>
    </message>
    <message>
        <source>Close picture</source>
        <translation>그림 닫기</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>끝내기</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>실행 취소</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>다시 실행</translation>
    </message>
    <message>
        <source>Copy picture</source>
        <translation>그림 복사</translation>
    </message>
    <message>
        <source>Paste picture</source>
        <translation>그림 붙여넣기</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>실행</translation>
    </message>
    <message>
        <source>Check reconstruction</source>
        <translation>복원 확인</translation>
    </message>
    <message>
        <source>Sweep…</source>
        <translation>훑어보기…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Cancel all waiting edits</source>
        <translation>대기 중인 편집 모두 취소</translation>
    </message>
    <message>
        <source>Apply result</source>
        <translation>결과 적용</translation>
    </message>
    <message>
        <source>Delete result</source>
        <translation>결과 삭제</translation>
    </message>
    <message>
        <source>Next result</source>
        <translation>다음 결과</translation>
    </message>
    <message>
        <source>Previous result</source>
        <translation>이전 결과</translation>
    </message>
    <message>
        <source>Go to the prompt</source>
        <translation>프롬프트로 가기</translation>
    </message>
    <message>
        <source>Swap prompts</source>
        <translation>프롬프트 맞바꾸기</translation>
    </message>
    <message>
        <source>Fill</source>
        <translation>채우기</translation>
    </message>
    <message>
        <source>Swap</source>
        <translation>바꾸기</translation>
    </message>
    <message>
        <source>Restyle</source>
        <translation>다시 그리기</translation>
    </message>
    <message>
        <source>Brush</source>
        <translation>브러시</translation>
    </message>
    <message>
        <source>Eraser</source>
        <translation>지우개</translation>
    </message>
    <message>
        <source>Hand</source>
        <translation>손</translation>
    </message>
    <message>
        <source>Larger brush</source>
        <translation>브러시 크게</translation>
    </message>
    <message>
        <source>Smaller brush</source>
        <translation>브러시 작게</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>모두 선택</translation>
    </message>
    <message>
        <source>Clear selection</source>
        <translation>선택 영역 지우기</translation>
    </message>
    <message>
        <source>Invert selection</source>
        <translation>선택 영역 반전</translation>
    </message>
    <message>
        <source>Show selection</source>
        <translation>선택 영역 보기</translation>
    </message>
    <message>
        <source>Selection colour…</source>
        <translation>선택 영역 색…</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>확대</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>축소</translation>
    </message>
    <message>
        <source>Fit the window</source>
        <translation>창에 맞추기</translation>
    </message>
    <message>
        <source>Actual size</source>
        <translation>실제 크기</translation>
    </message>
    <message>
        <source>Compare side by side</source>
        <translation>나란히 비교</translation>
    </message>
    <message>
        <source>Show the original</source>
        <translation>원본 보기</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>어둡게</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>밝게</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>시스템 설정대로</translation>
    </message>
    <message>
        <source>Keyboard shortcuts…</source>
        <translation>키보드 단축키…</translation>
    </message>
    <message>
        <source>About Sfumato</source>
        <translation>Sfumato 정보</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>파일(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>편집(&amp;E)</translation>
    </message>
    <message>
        <source>Job</source>
        <translation>작업</translation>
    </message>
    <message>
        <source>&amp;Select</source>
        <translation>선택(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>보기(&amp;V)</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>테마</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>언어</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>도움말(&amp;H)</translation>
    </message>
    <message>
        <source>Inspect</source>
        <translation>들여다보기</translation>
    </message>
    <message>
        <source>Lasso</source>
        <translation>올가미</translation>
    </message>
    <message>
        <source>Polygon</source>
        <translation>다각형</translation>
    </message>
    <message>
        <source>Rectangle</source>
        <translation>사각형</translation>
    </message>
    <message>
        <source>Ellipse</source>
        <translation>타원</translation>
    </message>
    <message>
        <source>Magic wand</source>
        <translation>자동 선택 봉</translation>
    </message>
    <message>
        <source>Object in a box</source>
        <translation>상자 속 물체</translation>
    </message>
    <message>
        <source>Grow…</source>
        <translation>넓히기…</translation>
    </message>
    <message>
        <source>Shrink…</source>
        <translation>좁히기…</translation>
    </message>
    <message>
        <source>Feather…</source>
        <translation>가장자리 흐리기…</translation>
    </message>
    <message>
        <source>Fill holes</source>
        <translation>구멍 채우기</translation>
    </message>
    <message>
        <source>Select by word</source>
        <translation>단어로 선택</translation>
    </message>
    <message>
        <source>Load selection…</source>
        <translation>선택 영역 불러오기…</translation>
    </message>
    <message>
        <source>Save selection…</source>
        <translation>선택 영역 저장…</translation>
    </message>
    <message>
        <source>Tool</source>
        <translation>도구</translation>
    </message>
    <message>
        <source>Back to the picture</source>
        <translation>그림으로 돌아가기</translation>
    </message>
    <message>
        <source>More like this</source>
        <translation>비슷하게 더</translation>
    </message>
    <message>
        <source>Blend…</source>
        <translation>섞기…</translation>
    </message>
    <message>
        <source>Extend</source>
        <translation>확장</translation>
    </message>
    <message>
        <source>Frame</source>
        <translation>틀</translation>
    </message>
    <message>
        <source>Crop to frame</source>
        <translation>틀에 맞춰 자르기</translation>
    </message>
    <message>
        <source>Paint</source>
        <translation>칠하기</translation>
    </message>
    <message>
        <source>Paint colour…</source>
        <translation>칠할 색…</translation>
    </message>
    <message>
        <source>Rulers</source>
        <translation>눈금자</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>레이어</translation>
    </message>
    <message>
        <source>New paint layer</source>
        <translation>새 칠하기 레이어</translation>
    </message>
    <message>
        <source>Duplicate layer</source>
        <translation>레이어 복제</translation>
    </message>
    <message>
        <source>Move layer up</source>
        <translation>레이어를 위로</translation>
    </message>
    <message>
        <source>Move layer down</source>
        <translation>레이어를 아래로</translation>
    </message>
    <message>
        <source>Merge with the layer below</source>
        <translation>아래 레이어와 병합</translation>
    </message>
    <message>
        <source>Flatten the picture</source>
        <translation>그림을 한 레이어로 합치기</translation>
    </message>
    <message>
        <source>Delete layer</source>
        <translation>레이어 삭제</translation>
    </message>
    <message>
        <source>&amp;Layer</source>
        <translation>레이어(&amp;L)</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>복원</translation>
    </message>
    <message>
        <source>Show the picture degraded</source>
        <translation>손상된 모습 보기</translation>
    </message>
    <message>
        <source>Tomography…</source>
        <translation>단층 촬영…</translation>
    </message>
    <message>
        <source>Look at the result</source>
        <translation>결과 보기</translation>
    </message>
    <message>
        <source>Look at the residual</source>
        <translation>잔차 보기</translation>
    </message>
    <message>
        <source>Look at the uncertainty</source>
        <translation>불확실성 보기</translation>
    </message>
    <message>
        <source>Next sample</source>
        <translation>다음 표본</translation>
    </message>
    <message>
        <source>Previous sample</source>
        <translation>이전 표본</translation>
    </message>
    <message>
        <source>Restoration</source>
        <translation>복원 보기</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>설정…</translation>
    </message>
    <message>
        <source>Tour</source>
        <translation>둘러보기</translation>
    </message>
    <message>
        <source>Report…</source>
        <translation>보고서…</translation>
    </message>
    <message>
        <source>Select a box…</source>
        <translation>상자 선택…</translation>
    </message>
</context>
<context>
    <name>DegradationCard</name>
    <message>
        <source>{what}: earlier</source>
        <translation>{what}: 앞으로 옮기기</translation>
    </message>
    <message>
        <source>{what}: did not happen</source>
        <translation>{what}: 일어나지 않음</translation>
    </message>
</context>
<context>
    <name>DegradationPicker</name>
    <message>
        <source>What happened to the picture</source>
        <translation>그림에 일어난 일</translation>
    </message>
</context>
<context>
    <name>Dialogs</name>
    <message>
        <source>Open a picture</source>
        <translation>그림 열기</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>그림</translation>
    </message>
    <message>
        <source>Save the picture</source>
        <translation>그림 저장</translation>
    </message>
    <message>
        <source>“{title}” has changes that are not saved.</source>
        <translation>“{title}”에 저장하지 않은 변경 내용이 있습니다.</translation>
    </message>
    <message>
        <source>Save them before the picture is closed?</source>
        <translation>그림을 닫기 전에 저장할까요?</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>저장</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>저장 안 함</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>About Sfumato</source>
        <translation>Sfumato 정보</translation>
    </message>
    <message>
        <source>Rewrites pictures with diffusion models, on this machine alone.
Apache-2.0. Qt is used under the LGPL; its libraries are separate files that can be replaced.</source>
        <translation>확산 모델로 그림을 고쳐 그립니다. 모든 작업은 이 컴퓨터 안에서만 이루어집니다.
Apache-2.0. Qt는 LGPL에 따라 사용하며, 그 라이브러리는 바꿔 넣을 수 있는 별도 파일입니다.</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <source>Save the selection</source>
        <translation>선택 영역 저장</translation>
    </message>
    <message>
        <source>A Sfumato document (.sfumato) keeps it all, with {things}.</source>
        <translation>Sfumato 문서(.sfumato)에는 {things}까지 모두 보관됩니다.</translation>
    </message>
    <message>
        <source>Sfumato did not end as it should. Restore unsaved work?</source>
        <translation>Sfumato가 비정상적으로 종료되었습니다. 저장하지 않은 작업을 복구할까요?</translation>
    </message>
    <message>
        <source>“{title}”, kept {when}</source>
        <translation>“{title}”, {when}에 보관됨</translation>
    </message>
    <message>
        <source>and {count} more</source>
        <translation>외 {count}개</translation>
    </message>
    <message>
        <source>Run the edits again that had not ended ({count})</source>
        <translation>끝나지 않은 편집 다시 실행({count}개)</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>복구</translation>
    </message>
    <message>
        <source>Throw away</source>
        <translation>버리기</translation>
    </message>
    <message>
        <source>Ask next time</source>
        <translation>다음에 묻기</translation>
    </message>
    <message>
        <source>{first} and {last}</source>
        <translation>{first} 및 {last}</translation>
    </message>
</context>
<context>
    <name>Document</name>
    <message>
        <source>Clear mask</source>
        <translation>선택 영역 지우기</translation>
    </message>
    <message>
        <source>Mask everything</source>
        <translation>모두 선택</translation>
    </message>
    <message>
        <source>Invert mask</source>
        <translation>선택 영역 반전</translation>
    </message>
    <message>
        <source>Erase</source>
        <translation>지우개</translation>
    </message>
    <message>
        <source>Brush stroke</source>
        <translation>브러시 획</translation>
    </message>
    <message>
        <source>Delete {title}</source>
        <translation>“{title}” 삭제</translation>
    </message>
    <message>
        <source>Apply {title}</source>
        <translation>“{title}” 적용</translation>
    </message>
    <message>
        <source>Untitled</source>
        <translation>제목 없음</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>그림</translation>
    </message>
</context>
<context>
    <name>EditPanel</name>
    <message>
        <source>{count} waiting</source>
        <translation>{count}개 대기 중</translation>
    </message>
    <message>
        <source>about {seconds:.1f} s</source>
        <translation>약 {seconds:.1f}초</translation>
    </message>
    <message>
        <source>Fill</source>
        <translation>채우기</translation>
    </message>
    <message>
        <source>Swap</source>
        <translation>바꾸기</translation>
    </message>
    <message>
        <source>Restyle</source>
        <translation>다시 그리기</translation>
    </message>
    <message>
        <source>Paint a selection and say what should be there (Ctrl+Shift+F)</source>
        <translation>영역을 칠하고 그곳에 무엇이 있어야 할지 적습니다 (Ctrl+Shift+F)</translation>
    </message>
    <message>
        <source>Say what the picture shows and what it should become (Ctrl+Shift+W)</source>
        <translation>그림이 보여 주는 것과 바꿀 모습을 적습니다 (Ctrl+Shift+W)</translation>
    </message>
    <message>
        <source>Repaint the picture under a prompt (Ctrl+Shift+R)</source>
        <translation>프롬프트에 따라 그림을 다시 그립니다 (Ctrl+Shift+R)</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>단계</translation>
    </message>
    <message>
        <source>Network steps; more take longer and are finer</source>
        <translation>신경망 단계 수. 많을수록 오래 걸리고 섬세해집니다</translation>
    </message>
    <message>
        <source>Guidance</source>
        <translation>유도 강도</translation>
    </message>
    <message>
        <source>How closely the prompt is followed; 1 switches it off</source>
        <translation>프롬프트를 따르는 정도. 1이면 꺼집니다</translation>
    </message>
    <message>
        <source>Swap the two prompts</source>
        <translation>두 프롬프트 맞바꾸기</translation>
    </message>
    <message>
        <source>Swap the two prompts (X)</source>
        <translation>두 프롬프트 맞바꾸기 (X)</translation>
    </message>
    <message>
        <source>Sweep…</source>
        <translation>훑어보기…</translation>
    </message>
    <message>
        <source>The same edit at several strengths, side by side (Ctrl+Shift+E)</source>
        <translation>같은 편집을 여러 강도로 나란히 (Ctrl+Shift+E)</translation>
    </message>
    <message>
        <source>Ctrl+Enter runs; X swaps the two prompts</source>
        <translation>Ctrl+Enter로 실행하고 X로 두 프롬프트를 맞바꿉니다</translation>
    </message>
    <message>
        <source>The picture shows</source>
        <translation>그림에 있는 것</translation>
    </message>
    <message>
        <source>a red apple on a teal ground</source>
        <translation>청록색 바탕 위의 빨간 사과</translation>
    </message>
    <message>
        <source>Make it</source>
        <translation>이렇게 바꾸기</translation>
    </message>
    <message>
        <source>a green apple on a teal ground</source>
        <translation>청록색 바탕 위의 초록 사과</translation>
    </message>
    <message>
        <source>Put here</source>
        <translation>여기에 넣을 것</translation>
    </message>
    <message>
        <source>a tulip (empty: remove what is there)</source>
        <translation>튤립 (비워 두면 있던 것을 지웁니다)</translation>
    </message>
    <message>
        <source>What should be in the selection; Ctrl+Enter runs</source>
        <translation>선택 영역에 들어갈 것. Ctrl+Enter로 실행합니다</translation>
    </message>
    <message>
        <source>a cat on a purple ground</source>
        <translation>보라색 바탕 위의 고양이</translation>
    </message>
    <message>
        <source>What the picture should become; Ctrl+Enter runs</source>
        <translation>그림이 되어야 할 모습. Ctrl+Enter로 실행합니다</translation>
    </message>
    <message>
        <source>same picture</source>
        <translation>같은 그림</translation>
    </message>
    <message>
        <source>free</source>
        <translation>자유롭게</translation>
    </message>
    <message>
        <source>Fill the selection</source>
        <translation>선택 영역 채우기</translation>
    </message>
    <message>
        <source>Swap inside the selection</source>
        <translation>선택 영역 안에서 바꾸기</translation>
    </message>
    <message>
        <source>Restyle inside the selection</source>
        <translation>선택 영역 안에서 다시 그리기</translation>
    </message>
    <message>
        <source>{what} (Ctrl+Enter)</source>
        <translation>{what} (Ctrl+Enter)</translation>
    </message>
    <message>
        <source>Extend</source>
        <translation>확장</translation>
    </message>
    <message>
        <source>Drag the frame outwards and fill what is new (Ctrl+Shift+X)</source>
        <translation>틀을 바깥으로 끌어 새 부분을 채웁니다 (Ctrl+Shift+X)</translation>
    </message>
    <message>
        <source>Variations</source>
        <translation>변형 수</translation>
    </message>
    <message>
        <source>Variations: how many results one run makes, each with a seed of its own</source>
        <translation>변형 수: 한 번 실행에 만들 결과의 수. 저마다 시드가 다릅니다</translation>
    </message>
    <message>
        <source>Put around it</source>
        <translation>둘레에 그릴 것</translation>
    </message>
    <message>
        <source>a meadow (empty: continue the picture)</source>
        <translation>풀밭 (비우면 그림을 이어 그림)</translation>
    </message>
    <message>
        <source>What should be in the new area; Ctrl+Enter runs</source>
        <translation>새 부분에 있어야 할 것. Ctrl+Enter로 실행</translation>
    </message>
    <message>
        <source>Remove what is selected</source>
        <translation>선택한 것 지우기</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>지우기</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>복원</translation>
    </message>
    <message>
        <source>Say what happened to the picture, and undo it (Ctrl+Shift+O)</source>
        <translation>그림에 무슨 일이 있었는지 말하고 되돌립니다 (Ctrl+Shift+O)</translation>
    </message>
    <message>
        <source>It shows</source>
        <translation>그림의 내용</translation>
    </message>
    <message>
        <source>a panda (may stay empty)</source>
        <translation>판다 (비워 두어도 됩니다)</translation>
    </message>
    <message>
        <source>What the picture shows, if you like; Ctrl+Enter runs</source>
        <translation>원한다면 그림에 보이는 것을 적으세요. Ctrl+Enter로 실행합니다</translation>
    </message>
    <message>
        <source>Restore inside the selection</source>
        <translation>선택 영역만 복원</translation>
    </message>
</context>
<context>
    <name>EnginePage</name>
    <message>
        <source>Engine</source>
        <translation>엔진</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>장치</translation>
    </message>
    <message>
        <source>Where models run. Automatic takes a graphics card if there is one.</source>
        <translation>모델이 실행되는 곳입니다. 자동은 그래픽 카드가 있으면 그것을 씁니다.</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>자동</translation>
    </message>
    <message>
        <source>Graphics card (CUDA, ROCm)</source>
        <translation>그래픽 카드 (CUDA, ROCm)</translation>
    </message>
    <message>
        <source>Apple graphics (Metal)</source>
        <translation>Apple 그래픽 (Metal)</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>프로세서</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>정밀도</translation>
    </message>
    <message>
        <source>Half precision takes half the memory. Automatic halves on graphics cards.</source>
        <translation>반정밀도는 메모리를 절반만 씁니다. 자동은 그래픽 카드에서 반정밀도를 씁니다.</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>메모리</translation>
    </message>
    <message>
        <source>For graphics cards with little memory: networks wait in the machine&apos;s memory until they are needed; in tiles, large pictures are read and written in parts.</source>
        <translation>메모리가 적은 그래픽 카드용입니다. 신경망은 필요할 때까지 컴퓨터 메모리에서 기다립니다. 타일 방식은 큰 그림을 나누어 읽고 씁니다.</translation>
    </message>
    <message>
        <source>All on the device</source>
        <translation>모두 장치에</translation>
    </message>
    <message>
        <source>One network at a time</source>
        <translation>한 번에 신경망 하나</translation>
    </message>
    <message>
        <source>One at a time, in tiles</source>
        <translation>한 번에 하나, 타일로</translation>
    </message>
    <message>
        <source>Threads</source>
        <translation>스레드</translation>
    </message>
    <message>
        <source>Of the processor. Automatic leaves one core to the window.</source>
        <translation>프로세서의 스레드 수입니다. 자동은 코어 하나를 창에 남겨 둡니다.</translation>
    </message>
    <message>
        <source>Model folders</source>
        <translation>모델 폴더</translation>
    </message>
    <message>
        <source>Looked through for models, besides Sfumato&apos;s own.</source>
        <translation>Sfumato의 폴더 외에 모델을 찾아볼 폴더입니다.</translation>
    </message>
    <message>
        <source>The engine starts anew when one of these changes, after the edit that runs.</source>
        <translation>이 가운데 하나가 바뀌면 실행 중인 편집이 끝난 뒤 엔진이 다시 시작됩니다.</translation>
    </message>
</context>
<context>
    <name>Errors</name>
    <message>
        <source>Not ready yet</source>
        <translation>아직 준비되지 않았습니다</translation>
    </message>
    <message>
        <source>The picture cannot be opened</source>
        <translation>그림을 열 수 없습니다</translation>
    </message>
    <message>
        <source>The model cannot be used</source>
        <translation>모델을 쓸 수 없습니다</translation>
    </message>
    <message>
        <source>The model was not found</source>
        <translation>모델을 찾지 못했습니다</translation>
    </message>
    <message>
        <source>The model is damaged</source>
        <translation>모델이 손상되었습니다</translation>
    </message>
    <message>
        <source>The model was refused</source>
        <translation>모델을 거부했습니다</translation>
    </message>
    <message>
        <source>The edit went wrong</source>
        <translation>편집이 잘못되었습니다</translation>
    </message>
    <message>
        <source>Not enough memory</source>
        <translation>메모리가 부족합니다</translation>
    </message>
    <message>
        <source>The engine was lost</source>
        <translation>엔진이 중단되었습니다</translation>
    </message>
    <message>
        <source>The recipe cannot be used</source>
        <translation>레시피를 쓸 수 없습니다</translation>
    </message>
    <message>
        <source>The picture was not saved</source>
        <translation>그림을 저장하지 못했습니다</translation>
    </message>
    <message>
        <source>Something went wrong</source>
        <translation>문제가 생겼습니다</translation>
    </message>
    <message>
        <source>The document cannot be opened</source>
        <translation>문서를 열 수 없음</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>Export a copy</source>
        <translation>사본 내보내기</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>형식</translation>
    </message>
    <message>
        <source>The file format of the copy</source>
        <translation>사본의 파일 형식</translation>
    </message>
    <message>
        <source>Quality</source>
        <translation>품질</translation>
    </message>
    <message>
        <source>Higher keeps more and makes larger files</source>
        <translation>높을수록 더 많이 보존되고 파일이 커집니다</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>내보내기…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Keeps every value and carries the recipe of the last edit.</source>
        <translation>모든 값을 보존하고 마지막 편집의 레시피를 담습니다.</translation>
    </message>
    <message>
        <source>Keeps every value, 16 bit included.</source>
        <translation>16비트를 포함해 모든 값을 보존합니다.</translation>
    </message>
    <message>
        <source>8 bit, smaller files; fine detail is lost.</source>
        <translation>8비트의 작은 파일. 세밀한 부분은 사라집니다.</translation>
    </message>
</context>
<context>
    <name>FilesPage</name>
    <message>
        <source>Saved pictures</source>
        <translation>저장한 그림</translation>
    </message>
    <message>
        <source>Put the recipe into PNG files</source>
        <translation>PNG 파일에 레시피 넣기</translation>
    </message>
    <message>
        <source>How the last edit was made, so that it can be run again and verified.</source>
        <translation>마지막 편집을 어떻게 했는지 적어, 다시 실행하고 확인할 수 있게 합니다.</translation>
    </message>
    <message>
        <source>Leave the prompts in the recipe</source>
        <translation>레시피에 프롬프트 남기기</translation>
    </message>
    <message>
        <source>Without its words a recipe still tells how, but cannot be run again.</source>
        <translation>프롬프트가 없는 레시피는 방법은 알려 주지만 다시 실행할 수 없습니다.</translation>
    </message>
    <message>
        <source>Mark edited pictures as made with AI</source>
        <translation>편집한 그림에 AI 사용 표시</translation>
    </message>
    <message>
        <source>As the IPTC&apos;s digital source type, which viewers and agencies read.</source>
        <translation>뷰어와 통신사가 읽는 IPTC 디지털 소스 유형으로 표시합니다.</translation>
    </message>
    <message>
        <source>Keep where a photograph was taken</source>
        <translation>사진을 찍은 위치 유지</translation>
    </message>
    <message>
        <source>Off, the GPS position is taken out of what is written.</source>
        <translation>끄면 저장하는 파일에서 GPS 위치를 지웁니다.</translation>
    </message>
    <message>
        <source>For PNG, JPEG, WebP and TIFF files, saved and exported. Documents (.sfumato) keep everything.</source>
        <translation>저장하거나 내보내는 PNG, JPEG, WebP, TIFF 파일에 적용됩니다. 문서(.sfumato)에는 모두 남습니다.</translation>
    </message>
</context>
<context>
    <name>FolderList</name>
    <message>
        <source>Model folders</source>
        <translation>모델 폴더</translation>
    </message>
    <message>
        <source>Folders that are looked through for models</source>
        <translation>모델을 찾아볼 폴더</translation>
    </message>
    <message>
        <source>Add…</source>
        <translation>추가…</translation>
    </message>
    <message>
        <source>Add a model folder</source>
        <translation>모델 폴더 추가</translation>
    </message>
    <message>
        <source>Choose a folder that holds models, or is one</source>
        <translation>모델이 들어 있거나 그 자체가 모델인 폴더를 고릅니다</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>제거</translation>
    </message>
    <message>
        <source>Remove the chosen model folder</source>
        <translation>고른 모델 폴더 제거</translation>
    </message>
    <message>
        <source>Take the chosen folder out; its files stay</source>
        <translation>고른 폴더를 목록에서 뺍니다. 파일은 그대로 남습니다</translation>
    </message>
    <message>
        <source>A folder with models</source>
        <translation>모델이 있는 폴더</translation>
    </message>
</context>
<context>
    <name>FramePanel</name>
    <message>
        <source>Left</source>
        <translation>왼쪽</translation>
    </message>
    <message>
        <source>Top</source>
        <translation>위</translation>
    </message>
    <message>
        <source>Right</source>
        <translation>오른쪽</translation>
    </message>
    <message>
        <source>Bottom</source>
        <translation>아래</translation>
    </message>
    <message>
        <source>Pixels beyond this side of the picture; below 0 cuts them off</source>
        <translation>그림의 이쪽 바깥으로 넓힐 픽셀. 0보다 작으면 잘라 냅니다</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>크기</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>너비</translation>
    </message>
    <message>
        <source>The frame&apos;s whole width in pixels</source>
        <translation>틀 전체의 너비(픽셀)</translation>
    </message>
    <message>
        <source>Height</source>
        <translation>높이</translation>
    </message>
    <message>
        <source>The frame&apos;s whole height in pixels</source>
        <translation>틀 전체의 높이(픽셀)</translation>
    </message>
    <message>
        <source>Ratio</source>
        <translation>비율</translation>
    </message>
    <message>
        <source>Free</source>
        <translation>자유</translation>
    </message>
    <message>
        <source>Phone 9:19.5</source>
        <translation>휴대전화 9:19.5</translation>
    </message>
    <message>
        <source>Grow to this ratio and keep it</source>
        <translation>이 비율이 되도록 넓히고 유지합니다</translation>
    </message>
    <message>
        <source>Turn the ratio</source>
        <translation>비율 돌리기</translation>
    </message>
    <message>
        <source>Upright or lying: turn the ratio</source>
        <translation>세로 또는 가로: 비율을 돌립니다</translation>
    </message>
    <message>
        <source>Where the picture sits</source>
        <translation>그림이 놓일 자리</translation>
    </message>
    <message>
        <source>Where the picture sits in the frame: click, or use the arrow keys</source>
        <translation>틀 안에서 그림이 놓일 자리: 누르거나 화살표 키를 쓰세요</translation>
    </message>
    <message>
        <source>Reset frame</source>
        <translation>틀 되돌리기</translation>
    </message>
    <message>
        <source>Put the frame back to the picture&apos;s edges (Esc)</source>
        <translation>틀을 그림 가장자리로 되돌립니다 (Esc)</translation>
    </message>
    <message>
        <source>Crop to frame</source>
        <translation>틀에 맞춰 자르기</translation>
    </message>
    <message>
        <source>Cut off what lies outside the frame (Ctrl+Shift+C)</source>
        <translation>틀 밖에 있는 부분을 잘라 냅니다 (Ctrl+Shift+C)</translation>
    </message>
</context>
<context>
    <name>Header</name>
    <message>
        <source>Change the language</source>
        <translation>언어 바꾸기</translation>
    </message>
    <message>
        <source>Light or dark</source>
        <translation>밝게 또는 어둡게</translation>
    </message>
</context>
<context>
    <name>InspectPanel</name>
    <message>
        <source>up to noise</source>
        <translation>노이즈로 올라가는 중</translation>
    </message>
    <message>
        <source>down to the picture</source>
        <translation>그림으로 내려오는 중</translation>
    </message>
    <message>
        <source>Step {step} of {steps} · {way}</source>
        <translation>{steps}단계 중 {step}단계 · {way}</translation>
    </message>
    <message>
        <source>Inspect</source>
        <translation>들여다보기</translation>
    </message>
    <message>
        <source>Close Inspect</source>
        <translation>들여다보기 닫기</translation>
    </message>
    <message>
        <source>Close Inspect (I)</source>
        <translation>들여다보기 닫기 (I)</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>단계</translation>
    </message>
    <message>
        <source>Which step of the edit to look at</source>
        <translation>편집의 어느 단계를 볼지</translation>
    </message>
    <message>
        <source>Noisy</source>
        <translation>노이즈 섞임</translation>
    </message>
    <message>
        <source>What the network was given: x = α x0 + σ ε</source>
        <translation>신경망이 받은 것: x = α x0 + σ ε</translation>
    </message>
    <message>
        <source>Predicted</source>
        <translation>예측</translation>
    </message>
    <message>
        <source>The picture that the network believed in: x0</source>
        <translation>신경망이 예상한 그림: x0</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>노이즈</translation>
    </message>
    <message>
        <source>The noise that the network believed in: ε</source>
        <translation>신경망이 예상한 노이즈: ε</translation>
    </message>
    <message>
        <source>The path from noise to picture</source>
        <translation>노이즈에서 그림까지의 경로</translation>
    </message>
    <message>
        <source>α, the weight of the picture, and σ, that of the noise, at each step</source>
        <translation>단계마다 그림의 비중 α와 노이즈의 비중 σ</translation>
    </message>
    <message>
        <source>Where the words look</source>
        <translation>단어가 보는 곳</translation>
    </message>
    <message>
        <source>All steps</source>
        <translation>모든 단계</translation>
    </message>
    <message>
        <source>This step</source>
        <translation>이 단계만</translation>
    </message>
    <message>
        <source>Up to this step</source>
        <translation>이 단계까지</translation>
    </message>
    <message>
        <source>From this step on</source>
        <translation>이 단계부터</translation>
    </message>
    <message>
        <source>Steps of the map</source>
        <translation>지도에 쓸 단계</translation>
    </message>
    <message>
        <source>The map is their mean</source>
        <translation>그 평균이 지도가 됩니다</translation>
    </message>
    <message>
        <source>Size of the maps</source>
        <translation>지도의 크기</translation>
    </message>
    <message>
        <source>The layers with maps of this size; small ones see the whole</source>
        <translation>이 크기의 지도를 가진 층. 작은 지도는 전체를 봅니다</translation>
    </message>
    <message>
        <source>Threshold</source>
        <translation>기준값</translation>
    </message>
    <message>
        <source>What is hotter than this is outlined, and becomes the mask</source>
        <translation>이보다 뜨거운 곳에 윤곽선이 그려지고 마스크가 됩니다</translation>
    </message>
    <message>
        <source>Inspect was closed when this result was made.
Run the edit again.</source>
        <translation>이 결과를 만들 때 들여다보기가 닫혀 있었습니다.
편집을 다시 실행하세요.</translation>
    </message>
    <message>
        <source>Run an edit with Inspect open
to look inside.</source>
        <translation>들여다보기를 연 채 편집을 실행하면
그 속을 볼 수 있습니다.</translation>
    </message>
    <message>
        <source>Where “{word}” looks</source>
        <translation>“{word}”의 시선이 닿는 곳</translation>
    </message>
    <message>
        <source>The picture shows</source>
        <translation>그림에 있는 것</translation>
    </message>
    <message>
        <source>Make it</source>
        <translation>이렇게 바꾸기</translation>
    </message>
    <message>
        <source>The prompt</source>
        <translation>프롬프트</translation>
    </message>
    <message>
        <source>All sizes</source>
        <translation>모든 크기</translation>
    </message>
    <message>
        <source>This prompt has no such word</source>
        <translation>이 프롬프트에는 그런 단어가 없습니다</translation>
    </message>
    <message>
        <source>Make mask from word</source>
        <translation>단어로 마스크 만들기</translation>
    </message>
    <message>
        <source>Make mask from “{word}”</source>
        <translation>“{word}”에서 마스크 만들기</translation>
    </message>
    <message>
        <source>The outlined places become the selection</source>
        <translation>윤곽선 안이 선택 영역이 됩니다</translation>
    </message>
    <message>
        <source>Click a word to see on the canvas where it looks.</source>
        <translation>단어를 누르면 그 단어가 보는 곳이 캔버스에 나타납니다.</translation>
    </message>
    <message>
        <source>No map: this prompt was not asked at these steps.</source>
        <translation>지도 없음: 이 단계에서는 이 프롬프트를 쓰지 않았습니다.</translation>
    </message>
</context>
<context>
    <name>KernelField</name>
    <message>
        <source>Drag to draw, the right button erases; arrow keys and Space do the same</source>
        <translation>끌어서 그리고 오른쪽 버튼으로 지웁니다. 화살표 키와 스페이스도 같습니다</translation>
    </message>
    <message>
        <source>Size of the kernel</source>
        <translation>커널 크기</translation>
    </message>
    <message>
        <source>Size of the kernel in pixels</source>
        <translation>커널의 픽셀 크기</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>비우기</translation>
    </message>
    <message>
        <source>Clear the kernel</source>
        <translation>커널 비우기</translation>
    </message>
    <message>
        <source>Draw it from the start</source>
        <translation>처음부터 다시 그립니다</translation>
    </message>
    <message>
        <source>Picture…</source>
        <translation>그림…</translation>
    </message>
    <message>
        <source>Kernel from a picture</source>
        <translation>그림에서 커널 가져오기</translation>
    </message>
    <message>
        <source>Take a small picture as the kernel, white on black, up to 255 × 255</source>
        <translation>검은 바탕에 흰색인 작은 그림을 커널로 씁니다. 255 × 255까지</translation>
    </message>
</context>
<context>
    <name>KernelGrid</name>
    <message>
        <source>column {column}, row {row}: {value:.1f}</source>
        <translation>{column}열 {row}행: {value:.1f}</translation>
    </message>
</context>
<context>
    <name>LayerModel</name>
    <message>
        <source>{name}. Double-click renames, dragging moves.</source>
        <translation>{name}. 두 번 클릭하면 이름을 바꾸고, 끌면 옮깁니다.</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>그림</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>결과</translation>
    </message>
    <message>
        <source>Paint</source>
        <translation>칠하기</translation>
    </message>
    <message>
        <source>hidden</source>
        <translation>숨김</translation>
    </message>
</context>
<context>
    <name>Layers</name>
    <message>
        <source>Add layer</source>
        <translation>레이어 추가</translation>
    </message>
    <message>
        <source>Paint {number}</source>
        <translation>칠 {number}</translation>
    </message>
    <message>
        <source>New paint layer</source>
        <translation>새 칠 레이어</translation>
    </message>
    <message>
        <source>{name} copy</source>
        <translation>{name} 복사본</translation>
    </message>
    <message>
        <source>Duplicate layer</source>
        <translation>레이어 복제</translation>
    </message>
    <message>
        <source>Delete layer</source>
        <translation>레이어 삭제</translation>
    </message>
    <message>
        <source>Move layer</source>
        <translation>레이어 이동</translation>
    </message>
    <message>
        <source>Rename layer</source>
        <translation>레이어 이름 바꾸기</translation>
    </message>
    <message>
        <source>Show layer</source>
        <translation>레이어 보이기</translation>
    </message>
    <message>
        <source>Hide layer</source>
        <translation>레이어 숨기기</translation>
    </message>
    <message>
        <source>Layer opacity</source>
        <translation>레이어 불투명도</translation>
    </message>
    <message>
        <source>Merge down</source>
        <translation>아래로 병합</translation>
    </message>
    <message>
        <source>Flatten</source>
        <translation>모두 병합</translation>
    </message>
</context>
<context>
    <name>LayersPanel</name>
    <message>
        <source>Layers</source>
        <translation>레이어</translation>
    </message>
    <message>
        <source>Space shows or hides, F2 renames, Alt+Up and Alt+Down move, Delete deletes</source>
        <translation>스페이스로 보이기/숨기기, F2로 이름 바꾸기, Alt+위/Alt+아래로 옮기기, Delete로 삭제</translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation>불투명도</translation>
    </message>
    <message>
        <source>Opacity of the chosen layer, percent</source>
        <translation>선택한 레이어의 불투명도(퍼센트)</translation>
    </message>
    <message>
        <source>Put the layers away (F7)</source>
        <translation>레이어 패널 닫기 (F7)</translation>
    </message>
    <message>
        <source>Put the layers away</source>
        <translation>레이어 패널 닫기</translation>
    </message>
</context>
<context>
    <name>LeftOut</name>
    <message>
        <source>{count} layers</source>
        <translation>레이어 {count}개</translation>
    </message>
    <message>
        <source>the selection</source>
        <translation>선택 영역</translation>
    </message>
    <message>
        <source>1 result</source>
        <translation>결과 1개</translation>
    </message>
    <message>
        <source>{count} results</source>
        <translation>결과 {count}개</translation>
    </message>
</context>
<context>
    <name>Legend</name>
    <message>
        <source>equal</source>
        <translation>같음</translation>
    </message>
    <message>
        <source>{levels} of 255 or more</source>
        <translation>255 중 {levels} 이상</translation>
    </message>
</context>
<context>
    <name>LookPage</name>
    <message>
        <source>Appearance</source>
        <translation>모양</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>언어</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>시스템과 같게</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>테마</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>어둡게</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>밝게</translation>
    </message>
    <message>
        <source>Selection colour</source>
        <translation>선택 영역 색</translation>
    </message>
    <message>
        <source>Selections are hatched in this colour, so that they show on any picture.</source>
        <translation>선택 영역은 어떤 그림에서도 보이도록 이 색의 빗금으로 그립니다.</translation>
    </message>
</context>
<context>
    <name>MemoryPage</name>
    <message>
        <source>Memory and recovery</source>
        <translation>메모리와 복구</translation>
    </message>
    <message>
        <source> MB</source>
        <translation> MB</translation>
    </message>
    <message>
        <source>Memory for undo</source>
        <translation>실행 취소용 메모리</translation>
    </message>
    <message>
        <source>Beyond this the oldest steps can no longer be undone.</source>
        <translation>이를 넘으면 가장 오래된 단계부터 되돌릴 수 없게 됩니다.</translation>
    </message>
    <message>
        <source>Autosave after</source>
        <translation>자동 저장 간격</translation>
    </message>
    <message>
        <source>From a change until it is kept on the disk, to come back after a crash.</source>
        <translation>바꾼 뒤 디스크에 보관하기까지의 시간입니다. 비정상 종료 뒤에 되살아납니다.</translation>
    </message>
    <message>
        <source> s</source>
        <translation>초</translation>
    </message>
    <message>
        <source>Inversions in memory</source>
        <translation>메모리에 둘 역변환</translation>
    </message>
    <message>
        <source>Kept so that the next prompt on a picture costs no inversion.</source>
        <translation>같은 그림의 다음 프롬프트에서 역변환을 다시 하지 않도록 보관합니다.</translation>
    </message>
    <message>
        <source>Inversions on the disk</source>
        <translation>디스크에 둘 역변환</translation>
    </message>
    <message>
        <source>While the picture is open, and in its document. The oldest go first.</source>
        <translation>그림이 열려 있는 동안, 그리고 그 문서에 보관합니다. 오래된 것부터 지웁니다.</translation>
    </message>
    <message>
        <source>None</source>
        <translation>없음</translation>
    </message>
</context>
<context>
    <name>MessageBar</name>
    <message>
        <source>Message</source>
        <translation>알림</translation>
    </message>
    <message>
        <source>Try again in another way</source>
        <translation>다른 방법으로 다시 시도</translation>
    </message>
    <message>
        <source>Does what the message offers</source>
        <translation>메시지가 제안하는 대로 합니다</translation>
    </message>
    <message>
        <source>Dismiss the message</source>
        <translation>알림 닫기</translation>
    </message>
</context>
<context>
    <name>MethodChoice</name>
    <message>
        <source>How</source>
        <translation>방법</translation>
    </message>
    <message>
        <source>For these words: {method}</source>
        <translation>이 단어들에는: {method}</translation>
    </message>
</context>
<context>
    <name>MethodSettings</name>
    <message>
        <source>Advanced settings</source>
        <translation>고급 설정</translation>
    </message>
    <message>
        <source>The settings of this method</source>
        <translation>이 방법의 설정</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>초기화</translation>
    </message>
    <message>
        <source>Reset the settings</source>
        <translation>설정 초기화</translation>
    </message>
    <message>
        <source>Put all settings of this method back, the strength included</source>
        <translation>강도를 포함해 이 방법의 모든 설정을 되돌립니다</translation>
    </message>
</context>
<context>
    <name>Notices</name>
    <message>
        <source>Its groups were taken apart.</source>
        <translation>그룹은 풀어서 불러왔습니다.</translation>
    </message>
    <message>
        <source>Some layers blend in another way; they are shown as normal ones.</source>
        <translation>일부 레이어의 혼합 방식은 지원되지 않아 표준으로 표시됩니다.</translation>
    </message>
    <message>
        <source>Text and filter layers were left out.</source>
        <translation>텍스트 레이어와 필터 레이어는 제외되었습니다.</translation>
    </message>
    <message>
        <source>Clipping and layer effects were left out.</source>
        <translation>클리핑과 레이어 효과는 제외되었습니다.</translation>
    </message>
    <message>
        <source>Adjustments and empty layers were left out.</source>
        <translation>조정 레이어와 빈 레이어는 제외되었습니다.</translation>
    </message>
</context>
<context>
    <name>OptionalNumberField</name>
    <message>
        <source>By itself</source>
        <translation>자동</translation>
    </message>
    <message>
        <source>{setting}: by itself</source>
        <translation>{setting}: 자동</translation>
    </message>
</context>
<context>
    <name>PartsField</name>
    <message>
        <source>Add to: {what}</source>
        <translation>{what}에 추가</translation>
    </message>
</context>
<context>
    <name>PrivacyPage</name>
    <message>
        <source>Privacy</source>
        <translation>개인 정보</translation>
    </message>
    <message>
        <source>Forbid downloads, too</source>
        <translation>내려받기도 금지</translation>
    </message>
    <message>
        <source>Sfumato asks no network by itself. This refuses even downloads that are asked for.</source>
        <translation>Sfumato는 스스로 네트워크를 쓰지 않습니다. 켜면 요청한 내려받기도 거부합니다.</translation>
    </message>
    <message>
        <source>Let the logs hold prompts</source>
        <translation>로그에 프롬프트 허용</translation>
    </message>
    <message>
        <source>To find a fault. Otherwise prompts and their words never reach the logs.</source>
        <translation>문제를 찾을 때 씁니다. 끄면 프롬프트와 그 낱말은 로그에 남지 않습니다.</translation>
    </message>
</context>
<context>
    <name>Reasons</name>
    <message>
        <source>Left empty: this method does not read it.</source>
        <translation>비어 있음: 이 방법은 이것을 읽지 않습니다.</translation>
    </message>
    <message>
        <source>Left empty: the picture is inverted without words, which keeps less exactly where things are, and “{method}” finds no words to match: all of them count as new.</source>
        <translation>비어 있음: 그림을 단어 없이 인버전하므로 사물의 자리를 덜 정확하게 지키고, “{method}”은(는) 맞출 단어가 없어 모든 단어를 새 단어로 봅니다.</translation>
    </message>
    <message>
        <source>Left empty: the picture is inverted without words, which keeps less exactly where things are.</source>
        <translation>비어 있음: 그림을 단어 없이 인버전하므로 사물의 자리를 덜 정확하게 지킵니다.</translation>
    </message>
    <message>
        <source>“{method}” does not weigh words. A method that changes words in place does.</source>
        <translation>“{method}”은(는) 단어의 세기를 다루지 않습니다. 제자리에서 단어를 바꾸는 방법을 고르세요.</translation>
    </message>
    <message>
        <source>As its advanced settings are, “{method}” does not look at single words.</source>
        <translation>지금의 고급 설정에서 “{method}”은(는) 단어를 하나씩 보지 않습니다.</translation>
    </message>
    <message>
        <source>“{method}” inverts nothing, so there is nothing to rebuild.</source>
        <translation>“{method}”은(는) 인버전하지 않으므로 복원할 것이 없습니다.</translation>
    </message>
    <message>
        <source>No prompt is needed: the surroundings alone say what comes here instead.</source>
        <translation>프롬프트가 필요 없습니다. 둘레만 보고 그 자리를 채웁니다.</translation>
    </message>
</context>
<context>
    <name>ReconstructionDialog</name>
    <message>
        <source>Reconstruction</source>
        <translation>복원</translation>
    </message>
    <message>
        <source>Keep as a result</source>
        <translation>결과로 남기기</translation>
    </message>
    <message>
        <source>Put the rebuilt picture among the results</source>
        <translation>복원한 그림을 결과에 넣습니다</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <source>Close (Esc)</source>
        <translation>닫기 (Esc)</translation>
    </message>
    <message>
        <source>Inside the selection the picture is rebuilt at {psnr:.1f} dB.</source>
        <translation>선택 영역 안에서 그림이 {psnr:.1f} dB로 복원됩니다.</translation>
    </message>
    <message>
        <source>The picture is rebuilt at {psnr:.1f} dB.</source>
        <translation>그림이 {psnr:.1f} dB로 복원됩니다.</translation>
    </message>
    <message>
        <source>The picture is rebuilt exactly.</source>
        <translation>그림이 정확히 복원됩니다.</translation>
    </message>
    <message>
        <source>Below {limit:.0f} dB the loss shows at a glance, and every edit that starts from here has it. Take more steps or less inversion strength, describe the picture more closely, or choose another method.</source>
        <translation>{limit:.0f} dB 아래에서는 손실이 한눈에 보이고, 여기서 시작하는 모든 편집에 그 손실이 남습니다. 단계를 늘리거나 인버전 강도를 줄이고, 그림을 더 자세히 설명하거나 다른 방법을 고르세요.</translation>
    </message>
    <message>
        <source>The picture</source>
        <translation>그림</translation>
    </message>
    <message>
        <source>Rebuilt</source>
        <translation>복원한 그림</translation>
    </message>
    <message>
        <source>Difference, 8 times as strong</source>
        <translation>차이, 8배로 강조</translation>
    </message>
</context>
<context>
    <name>ReconstructionRow</name>
    <message>
        <source>Invert the picture and rebuild it under its own words, before anything is changed (Ctrl+Shift+K)</source>
        <translation>무엇이든 바꾸기 전에, 그림을 인버전하고 그 그림의 단어로 복원해 봅니다 (Ctrl+Shift+K)</translation>
    </message>
    <message>
        <source>Difference…</source>
        <translation>차이…</translation>
    </message>
    <message>
        <source>The picture, the rebuilt one and where they differ</source>
        <translation>그림, 복원한 그림, 그리고 다른 곳</translation>
    </message>
    <message>
        <source>Checking…</source>
        <translation>확인 중…</translation>
    </message>
    <message>
        <source>Check reconstruction</source>
        <translation>복원 확인</translation>
    </message>
    <message>
        <source>Rebuilds the picture at only {psnr:.1f} dB</source>
        <translation>그림을 {psnr:.1f} dB로밖에 복원하지 못합니다</translation>
    </message>
    <message>
        <source>Rebuilds the picture at {psnr:.1f} dB</source>
        <translation>그림을 {psnr:.1f} dB로 복원합니다</translation>
    </message>
    <message>
        <source>Rebuilds the picture exactly</source>
        <translation>그림을 정확히 복원합니다</translation>
    </message>
</context>
<context>
    <name>Recovering</name>
    <message>
        <source>More unsaved work is kept and offered at the next start ({count}).</source>
        <translation>저장하지 않은 다른 작업({count}개)은 보관되며 다음에 시작할 때 다시 묻습니다.</translation>
    </message>
    <message>
        <source>Unsaved work of an earlier session is damaged and could not be restored. It was set aside as {path}.</source>
        <translation>이전 세션의 저장하지 않은 작업이 손상되어 복구할 수 없습니다. {path}에 따로 보관했습니다.</translation>
    </message>
</context>
<context>
    <name>Report</name>
    <message>
        <source>Something went wrong that should not ({error}). Your picture is as it was; save it. Help &gt; Report tells what is known.</source>
        <translation>예상하지 못한 문제가 생겼습니다({error}). 그림은 그대로이니 저장하세요. 도움말 &gt; 보고서에서 자세한 내용을 볼 수 있습니다.</translation>
    </message>
</context>
<context>
    <name>ReportDialog</name>
    <message>
        <source>Report</source>
        <translation>보고서</translation>
    </message>
    <message>
        <source>For whoever looks into a fault. Nothing is sent: copy or save it, read it, and pass it on yourself. It holds no pictures and no prompts unless you tick them.</source>
        <translation>문제를 살펴볼 사람을 위한 것입니다. 아무것도 전송되지 않습니다. 복사하거나 저장해 읽어 보고 직접 전달하세요. 표시하지 않으면 그림과 프롬프트는 들어가지 않습니다.</translation>
    </message>
    <message>
        <source>All that the report tells</source>
        <translation>보고서의 모든 내용</translation>
    </message>
    <message>
        <source>With my prompts</source>
        <translation>프롬프트 포함</translation>
    </message>
    <message>
        <source>The two prompts that the panel shows now</source>
        <translation>지금 패널에 보이는 두 프롬프트</translation>
    </message>
    <message>
        <source>With the picture</source>
        <translation>그림 포함</translation>
    </message>
    <message>
        <source>The picture on the canvas; it is saved beside the text, in one ZIP file</source>
        <translation>캔버스의 그림입니다. 글과 함께 ZIP 파일 하나로 저장됩니다</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>복사</translation>
    </message>
    <message>
        <source>Copy the text</source>
        <translation>글을 복사합니다</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>저장…</translation>
    </message>
    <message>
        <source>Write the report to a file</source>
        <translation>보고서를 파일로 저장합니다</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <source>Close the report (Esc)</source>
        <translation>보고서를 닫습니다 (Esc)</translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation>복사했습니다.</translation>
    </message>
    <message>
        <source>Save the report</source>
        <translation>보고서 저장</translation>
    </message>
    <message>
        <source>Saved as {name}.</source>
        <translation>{name}(으)로 저장했습니다.</translation>
    </message>
</context>
<context>
    <name>RestorationBar</name>
    <message>
        <source>{number} of {count}</source>
        <translation>{count} 중 {number}</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>결과</translation>
    </message>
    <message>
        <source>Residual</source>
        <translation>잔차</translation>
    </message>
    <message>
        <source>Uncertainty</source>
        <translation>불확실성</translation>
    </message>
    <message>
        <source>The restored picture (1)</source>
        <translation>복원된 그림 (1)</translation>
    </message>
    <message>
        <source>The result degraded again, less the picture, over its noise (2)</source>
        <translation>결과를 다시 손상시켜 그림과 뺀 값을 잡음으로 나눈 것 (2)</translation>
    </message>
    <message>
        <source>How far several restorations differ: what of them is invented (3)</source>
        <translation>여러 복원이 얼마나 다른지: 무엇이 지어낸 것인지 (3)</translation>
    </message>
    <message>
        <source>Mean</source>
        <translation>평균</translation>
    </message>
    <message>
        <source>Spread</source>
        <translation>퍼짐</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>표본</translation>
    </message>
    <message>
        <source>The mean of all restorations</source>
        <translation>모든 복원의 평균</translation>
    </message>
    <message>
        <source>Their standard deviation at every pixel</source>
        <translation>픽셀마다의 표준 편차</translation>
    </message>
    <message>
        <source>Does not explain the picture · residual {ratio} its noise</source>
        <translation>그림을 설명하지 못합니다 · 잔차가 잡음의 {ratio}</translation>
    </message>
    <message>
        <source>Closer to the picture than its noise allows · residual {ratio} the noise</source>
        <translation>잡음이 허락하는 것보다 그림에 가깝습니다 · 잔차가 잡음의 {ratio}</translation>
    </message>
    <message>
        <source>Explains the picture to within its noise · residual {ratio} the noise</source>
        <translation>잡음 안에서 그림을 설명합니다 · 잔차가 잡음의 {ratio}</translation>
    </message>
    <message>
        <source>One after the other (Ctrl+PgUp, Ctrl+PgDown)</source>
        <translation>하나씩 차례로 (Ctrl+PgUp, Ctrl+PgDown)</translation>
    </message>
    <message>
        <source>Previous sample (Ctrl+PgUp)</source>
        <translation>이전 표본 (Ctrl+PgUp)</translation>
    </message>
    <message>
        <source>Next sample (Ctrl+PgDown)</source>
        <translation>다음 표본 (Ctrl+PgDown)</translation>
    </message>
</context>
<context>
    <name>RestorePanel</name>
    <message>
        <source>What happened</source>
        <translation>일어난 일</translation>
    </message>
    <message>
        <source>Estimate</source>
        <translation>추정</translation>
    </message>
    <message>
        <source>Find noise, blur width and scale in the picture itself</source>
        <translation>잡음, 흐림 폭, 배율을 그림에서 찾습니다</translation>
    </message>
    <message>
        <source>And then…</source>
        <translation>그다음…</translation>
    </message>
    <message>
        <source>Add what happened next</source>
        <translation>그다음에 일어난 일 추가</translation>
    </message>
    <message>
        <source>Choose what happened to the picture after that</source>
        <translation>그 뒤에 그림에 일어난 일을 고릅니다</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>잡음</translation>
    </message>
    <message>
        <source>Standard deviation of the picture&apos;s noise, black to white being 0 to 1.</source>
        <translation>그림 잡음의 표준 편차. 검정에서 흰색까지가 0에서 1입니다.</translation>
    </message>
    <message>
        <source>Show it degraded</source>
        <translation>손상된 모습 보기</translation>
    </message>
    <message>
        <source>The open picture, degraded in this way once more (Ctrl+Shift+D)</source>
        <translation>열린 그림을 이렇게 한 번 더 손상시킨 모습 (Ctrl+Shift+D)</translation>
    </message>
    <message>
        <source>Tomography…</source>
        <translation>단층 촬영…</translation>
    </message>
    <message>
        <source>Tomography</source>
        <translation>단층 촬영</translation>
    </message>
    <message>
        <source>A picture from its projections, to learn by (Ctrl+Shift+T)</source>
        <translation>투영에서 그림을 되찾는 학습용 화면 (Ctrl+Shift+T)</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>표본</translation>
    </message>
    <message>
        <source>How many restorations to make; where they differ, they are invented.</source>
        <translation>만들 복원의 수. 서로 다른 곳은 지어낸 것입니다.</translation>
    </message>
    <message>
        <source>Noise {value:.3f} ({sure})</source>
        <translation>잡음 {value:.3f} ({sure})</translation>
    </message>
    <message>
        <source>enlarged {value:g} times ({sure})</source>
        <translation>{value:g}배 확대됨 ({sure})</translation>
    </message>
    <message>
        <source>blur of {value:.1f} pixels ({sure})</source>
        <translation>{value:.1f}픽셀 흐림 ({sure})</translation>
    </message>
    <message>
        <source>no blur shows</source>
        <translation>흐림은 보이지 않음</translation>
    </message>
    <message>
        <source>sure: the same all over the picture</source>
        <translation>확실함: 그림 전체가 같음</translation>
    </message>
    <message>
        <source>roughly: it varies over the picture</source>
        <translation>대략: 곳에 따라 다름</translation>
    </message>
    <message>
        <source>a guess</source>
        <translation>어림</translation>
    </message>
</context>
<context>
    <name>Restored</name>
    <message>
        <source>Where the result does not explain the picture · noise {noise:.4f}</source>
        <translation>결과가 그림을 설명하지 못하는 곳 · 잡음 {noise:.4f}</translation>
    </message>
    <message>
        <source>{times:g} × the noise</source>
        <translation>잡음의 {times:g}배</translation>
    </message>
    <message>
        <source>The first of {count} samples</source>
        <translation>표본 {count}개 중 첫째</translation>
    </message>
    <message>
        <source>One sample alone differs from nothing: set Samples to 2 or more.</source>
        <translation>표본이 하나면 다름이 없습니다. 표본을 2 이상으로 하세요.</translation>
    </message>
    <message>
        <source>The mean of {count} samples</source>
        <translation>표본 {count}개의 평균</translation>
    </message>
    <message>
        <source>Samples differ by {levels:.1f} of 255 levels</source>
        <translation>표본들이 255단계 중 {levels:.1f}단계 다름</translation>
    </message>
    <message>
        <source>{levels:g} levels</source>
        <translation>{levels:g}단계</translation>
    </message>
</context>
<context>
    <name>Restoring</name>
    <message>
        <source>There is no picture to estimate from.</source>
        <translation>추정할 그림이 없습니다.</translation>
    </message>
    <message>
        <source>This is not linear, and the chosen method needs it to be; choose DPS.</source>
        <translation>이것은 선형이 아닌데 고른 방법은 선형이어야 합니다. DPS를 고르세요.</translation>
    </message>
</context>
<context>
    <name>ResultsStrip</name>
    <message>
        <source>Results appear here. Apply the one you like.</source>
        <translation>결과가 여기에 나타납니다. 마음에 드는 것을 적용하세요.</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>결과</translation>
    </message>
    <message>
        <source>Arrow keys look at the results, Enter applies, Delete deletes, Ctrl+click chooses two to blend</source>
        <translation>화살표 키로 결과를 보고, Enter로 적용, Delete로 삭제, Ctrl+클릭으로 섞을 둘을 고릅니다</translation>
    </message>
</context>
<context>
    <name>Retrying</name>
    <message>
        <source>Try one after the other</source>
        <translation>하나씩 다시 시도</translation>
    </message>
    <message>
        <source>Try without sharpening</source>
        <translation>선명화 없이 다시 시도</translation>
    </message>
    <message>
        <source>Try in smaller tiles</source>
        <translation>더 작은 타일로 다시 시도</translation>
    </message>
    <message>
        <source>Try at half the size</source>
        <translation>절반 크기로 다시 시도</translation>
    </message>
    <message>
        <source>Try one network at a time</source>
        <translation>네트워크를 하나씩 올려 다시 시도</translation>
    </message>
    <message>
        <source>Try in half precision</source>
        <translation>절반 정밀도로 다시 시도</translation>
    </message>
    <message>
        <source>Try with the picture in tiles</source>
        <translation>그림을 타일로 나누어 다시 시도</translation>
    </message>
    <message>
        <source>Makes the variations one after the other. They come out the same.</source>
        <translation>변형을 하나씩 차례로 만듭니다. 결과는 같습니다.</translation>
    </message>
    <message>
        <source>Fills without sharpening large parts in a second walk.</source>
        <translation>넓은 부분을 두 번째로 선명하게 하는 과정 없이 채웁니다.</translation>
    </message>
    <message>
        <source>Enlarges smaller parts at once. It takes longer and comes out the same.</source>
        <translation>한 번에 더 작은 부분을 확대합니다. 더 오래 걸리지만 결과는 같습니다.</translation>
    </message>
    <message>
        <source>Lets the model work at half the size. What changes has less fine detail.</source>
        <translation>모델이 절반 크기로 작업합니다. 바뀐 부분의 세밀함이 줄어듭니다.</translation>
    </message>
    <message>
        <source>Sets the engine to keep only the network that works on the device, and starts it anew.</source>
        <translation>작업 중인 네트워크만 장치에 두도록 엔진을 설정하고 다시 시작합니다.</translation>
    </message>
    <message>
        <source>Sets the engine to half precision, and starts it anew.</source>
        <translation>엔진을 절반 정밀도로 설정하고 다시 시작합니다.</translation>
    </message>
    <message>
        <source>Sets the engine to read and write large pictures in tiles, and starts it anew.</source>
        <translation>큰 그림을 타일로 읽고 쓰도록 엔진을 설정하고 다시 시작합니다.</translation>
    </message>
</context>
<context>
    <name>Ruler</name>
    <message>
        <source>Horizontal ruler</source>
        <translation>가로 눈금자</translation>
    </message>
    <message>
        <source>Vertical ruler</source>
        <translation>세로 눈금자</translation>
    </message>
    <message>
        <source>Picture pixels (Ctrl+R puts the rulers away)</source>
        <translation>그림 픽셀 (Ctrl+R로 눈금자 숨기기)</translation>
    </message>
</context>
<context>
    <name>SeedField</name>
    <message>
        <source>Seed</source>
        <translation>시드</translation>
    </message>
    <message>
        <source>The same seed and settings give the same picture again.</source>
        <translation>시드와 설정이 같으면 같은 그림이 다시 나옵니다.</translation>
    </message>
    <message>
        <source>Draw another seed</source>
        <translation>다른 시드 뽑기</translation>
    </message>
    <message>
        <source>Keep the seed</source>
        <translation>시드 고정</translation>
    </message>
    <message>
        <source>Locked: the seed stays. Open: every run draws a new one.</source>
        <translation>잠그면 시드가 유지되고, 풀면 실행할 때마다 새로 뽑습니다.</translation>
    </message>
</context>
<context>
    <name>Session</name>
    <message>
        <source>{width} × {height} · {bits} bit</source>
        <translation>{width} × {height} · {bits}비트</translation>
    </message>
    <message>
        <source>Paint over what should change · Ctrl+Enter fills</source>
        <translation>바꿀 곳을 칠하세요 · Ctrl+Enter로 채우기</translation>
    </message>
    <message>
        <source>Hold Tab for the original · Ctrl+Enter fills · Esc cancels</source>
        <translation>Tab을 누르는 동안 원본 · Ctrl+Enter로 채우기 · Esc로 취소</translation>
    </message>
    <message>
        <source>Hold Tab for the original · Ctrl+Enter swaps · Esc cancels</source>
        <translation>Tab을 누르는 동안 원본 · Ctrl+Enter로 바꾸기 · Esc로 취소</translation>
    </message>
    <message>
        <source>Hold Tab for the original · Ctrl+Enter restyles · Esc cancels</source>
        <translation>Tab을 누르는 동안 원본 · Ctrl+Enter로 다시 그리기 · Esc로 취소</translation>
    </message>
    <message>
        <source>Finding what to select… · Esc cancels</source>
        <translation>선택할 것을 찾는 중… · Esc로 취소</translation>
    </message>
    <message>
        <source>These results are the same: this method, as it is set, draws no noise, so another seed changes nothing.</source>
        <translation>결과들이 똑같습니다. 지금 설정의 이 방법은 잡음을 뽑지 않아 시드가 달라도 바뀌지 않습니다.</translation>
    </message>
    <message>
        <source>Drag the frame outwards · Ctrl+Enter extends · Esc puts it back</source>
        <translation>틀을 바깥으로 끄세요 · Ctrl+Enter로 확장 · Esc로 되돌리기</translation>
    </message>
    <message>
        <source>Hold Tab for the original · Ctrl+Enter restores · Esc cancels</source>
        <translation>Tab을 누르는 동안 원본 · Ctrl+Enter로 복원 · Esc로 취소</translation>
    </message>
    <message>
        <source>{title} is finished</source>
        <translation>{title} 완료</translation>
    </message>
    <message>
        <source>The engine for the graphics card could not be started, so the one that came with Sfumato runs. “sfumato-gpu --check” in a terminal says why.</source>
        <translation>그래픽 카드용 엔진을 시작하지 못해 Sfumato에 들어 있는 엔진으로 실행합니다. 터미널에서 “sfumato-gpu --check”를 실행하면 이유를 알 수 있습니다.</translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source>Strength</source>
        <translation>강도</translation>
    </message>
    <message>
        <source>Inversion strength</source>
        <translation>인버전 강도</translation>
    </message>
    <message>
        <source>Time label</source>
        <translation>시간 표지</translation>
    </message>
    <message>
        <source>Fresh noise</source>
        <translation>새 잡음</translation>
    </message>
    <message>
        <source>Rounds</source>
        <translation>반복</translation>
    </message>
    <message>
        <source>Blend band</source>
        <translation>섞는 띠</translation>
    </message>
    <message>
        <source>Replaced words</source>
        <translation>바뀐 단어</translation>
    </message>
    <message>
        <source>Words held</source>
        <translation>단어 유지</translation>
    </message>
    <message>
        <source>Shapes held</source>
        <translation>형태 유지</translation>
    </message>
    <message>
        <source>Largest shape map</source>
        <translation>형태 지도 최대 크기</translation>
    </message>
    <message>
        <source>Change only at the words</source>
        <translation>이 단어 자리만 바꾸기</translation>
    </message>
    <message>
        <source>Word place threshold</source>
        <translation>단어 자리 문턱값</translation>
    </message>
    <message>
        <source>Word place from</source>
        <translation>단어 자리 시작</translation>
    </message>
    <message>
        <source>Source guidance</source>
        <translation>원본 유도 강도</translation>
    </message>
    <message>
        <source>Features held</source>
        <translation>특징 유지</translation>
    </message>
    <message>
        <source>Self-attention held</source>
        <translation>자기 어텐션 유지</translation>
    </message>
    <message>
        <source>Inversion substeps</source>
        <translation>인버전 세부 단계</translation>
    </message>
    <message>
        <source>Inversion iterations</source>
        <translation>인버전 반복</translation>
    </message>
    <message>
        <source>Word attention</source>
        <translation>단어 어텐션</translation>
    </message>
    <message>
        <source>Edits</source>
        <translation>편집 항목</translation>
    </message>
    <message>
        <source>Place of an edit</source>
        <translation>편집 위치</translation>
    </message>
    <message>
        <source>Content from</source>
        <translation>내용 가져오기 시작</translation>
    </message>
    <message>
        <source>Free layers</source>
        <translation>자유로운 층</translation>
    </message>
    <message>
        <source>Words for one thing</source>
        <translation>한 대상의 단어</translation>
    </message>
    <message>
        <source>Thing threshold</source>
        <translation>대상 문턱값</translation>
    </message>
    <message>
        <source>Corrections per step</source>
        <translation>단계별 보정 횟수</translation>
    </message>
    <message>
        <source>Taken from the source</source>
        <translation>원본에서 가져올 것</translation>
    </message>
    <message>
        <source>Solver</source>
        <translation>풀이 방법</translation>
    </message>
    <message>
        <source>Pull to noise</source>
        <translation>노이즈로 당김</translation>
    </message>
    <message>
        <source>Pull to the picture, steps</source>
        <translation>그림으로 당기는 단계</translation>
    </message>
    <message>
        <source>Draws</source>
        <translation>추첨 횟수</translation>
    </message>
    <message>
        <source>Second model</source>
        <translation>둘째 모델</translation>
    </message>
    <message>
        <source>What</source>
        <translation>무엇을</translation>
    </message>
    <message>
        <source>How strongly</source>
        <translation>세기</translation>
    </message>
    <message>
        <source>Left alone</source>
        <translation>그대로 둘 비율</translation>
    </message>
    <message>
        <source>Remove it</source>
        <translation>없애기</translation>
    </message>
    <message>
        <source>From</source>
        <translation>시작</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>왼쪽</translation>
    </message>
    <message>
        <source>Right</source>
        <translation>오른쪽</translation>
    </message>
    <message>
        <source>Top</source>
        <translation>위</translation>
    </message>
    <message>
        <source>Bottom</source>
        <translation>아래</translation>
    </message>
    <message>
        <source>Upscaler</source>
        <translation>확대 모델</translation>
    </message>
    <message>
        <source>Tile</source>
        <translation>타일</translation>
    </message>
    <message>
        <source>Noisier end</source>
        <translation>잡음이 많은 쪽</translation>
    </message>
    <message>
        <source>Cleaner end</source>
        <translation>깨끗한 쪽</translation>
    </message>
    <message>
        <source>In their place</source>
        <translation>그 자리에</translation>
    </message>
    <message>
        <source>A place of their own</source>
        <translation>새 자리에</translation>
    </message>
    <message>
        <source>Words and guidance</source>
        <translation>단어와 유도 강도</translation>
    </message>
    <message>
        <source>Words</source>
        <translation>단어</translation>
    </message>
    <message>
        <source>Guidance</source>
        <translation>유도 강도</translation>
    </message>
    <message>
        <source>Where words look</source>
        <translation>단어가 보는 곳</translation>
    </message>
    <message>
        <source>Features and structure</source>
        <translation>특징과 구조</translation>
    </message>
    <message>
        <source>Looks</source>
        <translation>생김새</translation>
    </message>
    <message>
        <source>Second order</source>
        <translation>2차</translation>
    </message>
    <message>
        <source>First order</source>
        <translation>1차</translation>
    </message>
    <message>
        <source>Fill</source>
        <translation>채우기</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>지우기</translation>
    </message>
    <message>
        <source>Extend</source>
        <translation>넓히기</translation>
    </message>
    <message>
        <source>Invert and swap</source>
        <translation>인버전 후 바꾸기</translation>
    </message>
    <message>
        <source>Repaint from noise</source>
        <translation>잡음에서 다시 그리기</translation>
    </message>
    <message>
        <source>Auto</source>
        <translation>자동</translation>
    </message>
    <message>
        <source>Change words in place</source>
        <translation>제자리에서 단어 바꾸기</translation>
    </message>
    <message>
        <source>Keep the structure</source>
        <translation>구조 유지</translation>
    </message>
    <message>
        <source>Same noise, other words</source>
        <translation>같은 노이즈, 다른 단어</translation>
    </message>
    <message>
        <source>Noise that keeps the layout</source>
        <translation>배치를 지키는 노이즈</translation>
    </message>
    <message>
        <source>Several edits in place</source>
        <translation>여러 편집을 제자리에</translation>
    </message>
    <message>
        <source>Keep the looks</source>
        <translation>생김새 유지</translation>
    </message>
    <message>
        <source>Optimised reconstruction</source>
        <translation>최적화한 복원</translation>
    </message>
    <message>
        <source>Away from the old words</source>
        <translation>옛 단어에서 멀어지기</translation>
    </message>
    <message>
        <source>Hold the source</source>
        <translation>원본 붙잡기</translation>
    </message>
    <message>
        <source>Bridge of two flows</source>
        <translation>두 흐름의 다리</translation>
    </message>
    <message>
        <source>Steered flow</source>
        <translation>조종되는 흐름</translation>
    </message>
    <message>
        <source>Difference of flows</source>
        <translation>흐름의 차이</translation>
    </message>
    <message>
        <source>Enlarge (Real-ESRGAN)</source>
        <translation>확대 (Real-ESRGAN)</translation>
    </message>
    <message>
        <source>Fresh noise per step: 0 is DDIM, 1 is DDPM.</source>
        <translation>단계마다 더하는 새 잡음. 0이면 DDIM, 1이면 DDPM입니다.</translation>
    </message>
    <message>
        <source>How far the picture is dissolved: 0 keeps it, 1 is free.</source>
        <translation>그림을 녹이는 정도. 0이면 그대로, 1이면 자유롭습니다.</translation>
    </message>
    <message>
        <source>Times the whole round is run (K).</source>
        <translation>전체 과정을 되풀이하는 횟수 (K).</translation>
    </message>
    <message>
        <source>0 reproduces the picture, 1 leaves it free.</source>
        <translation>0이면 그림을 그대로 되살리고, 1이면 자유롭게 둡니다.</translation>
    </message>
    <message>
        <source>Which time label the network sees while inverting: that of the noisier end of the step (null-text, Plug-and-Play) or of the cleaner one (DiffusionCLIP).</source>
        <translation>인버전하는 동안 신경망이 보는 시간 표지. 단계에서 잡음이 많은 쪽(null-text, Plug-and-Play) 또는 깨끗한 쪽(DiffusionCLIP)의 표지입니다.</translation>
    </message>
    <message>
        <source>How much of the old content goes: 0 keeps it, 1 forgets it.</source>
        <translation>원래 내용을 버리는 정도. 0이면 남기고, 1이면 모두 잊습니다.</translation>
    </message>
    <message>
        <source>How freely the gap is painted; low values stay near the colours around it.</source>
        <translation>빈 곳을 얼마나 자유롭게 그릴지 정합니다. 낮을수록 주변 색에 가깝습니다.</translation>
    </message>
    <message>
        <source>Width in pixels of the band around the mask that blends.</source>
        <translation>선택 영역 둘레에서 섞이는 띠의 픽셀 폭.</translation>
    </message>
    <message>
        <source>New pixels on the left.</source>
        <translation>왼쪽에 더할 픽셀.</translation>
    </message>
    <message>
        <source>New pixels on the right.</source>
        <translation>오른쪽에 더할 픽셀.</translation>
    </message>
    <message>
        <source>New pixels above.</source>
        <translation>위에 더할 픽셀.</translation>
    </message>
    <message>
        <source>New pixels below.</source>
        <translation>아래에 더할 픽셀.</translation>
    </message>
    <message>
        <source>Whether a word in another&apos;s place looks where the old one looked (replace) or finds its own place (refine).</source>
        <translation>다른 단어를 대신하는 단어가 옛 단어가 보던 곳을 볼지(그 자리에), 새 자리를 찾을지(새 자리에) 정합니다.</translation>
    </message>
    <message>
        <source>Share of the steps in which the words look where the source&apos;s words look.</source>
        <translation>단어가 원본의 단어가 보던 곳을 보는 단계의 비율.</translation>
    </message>
    <message>
        <source>Share of the steps in which the picture&apos;s parts hang together as before.</source>
        <translation>그림의 부분들이 전처럼 이어져 있는 단계의 비율.</translation>
    </message>
    <message>
        <source>Largest side of the self-attention maps that are taken over: 16 or 32.</source>
        <translation>가져올 자기 어텐션 지도의 가장 큰 변: 16 또는 32.</translation>
    </message>
    <message>
        <source>Words of the target prompt and how strongly they count; 1 = as is.</source>
        <translation>바꿀 프롬프트의 단어와 그 세기. 1 = 그대로.</translation>
    </message>
    <message>
        <source>Words whose place alone may change; none = the whole picture.</source>
        <translation>이 단어들의 자리만 바뀝니다. 비우면 그림 전체.</translation>
    </message>
    <message>
        <source>How much of its greatest value a word&apos;s map must reach to count as its place.</source>
        <translation>단어의 지도가 최댓값의 얼마에 이르러야 그 단어의 자리로 치는지 정합니다.</translation>
    </message>
    <message>
        <source>Share of the steps after which the place is held.</source>
        <translation>자리를 붙잡기 시작하기 전까지의 단계 비율.</translation>
    </message>
    <message>
        <source>Guidance of the walk under the source prompt.</source>
        <translation>원본 프롬프트로 걷는 길의 유도 강도.</translation>
    </message>
    <message>
        <source>Share of the steps in which the decoder&apos;s features are the source&apos;s.</source>
        <translation>디코더의 특징을 원본에서 가져오는 단계의 비율.</translation>
    </message>
    <message>
        <source>Share of the steps in which the decoder&apos;s self-attention is the source&apos;s.</source>
        <translation>디코더의 자기 어텐션을 원본에서 가져오는 단계의 비율.</translation>
    </message>
    <message>
        <source>Steps of the inversion for each step of the walk.</source>
        <translation>걷는 한 단계마다 인버전하는 단계 수.</translation>
    </message>
    <message>
        <source>How often each step of the inversion is solved; 1 is once, as in the paper.</source>
        <translation>인버전의 각 단계를 몇 번 푸는지: 1은 논문처럼 한 번.</translation>
    </message>
    <message>
        <source>Noise of the encoded steps: 1 is DDPM&apos;s.</source>
        <translation>부호화한 단계의 노이즈: 1이면 DDPM과 같습니다.</translation>
    </message>
    <message>
        <source>Also let the words look where the source&apos;s words look.</source>
        <translation>단어가 원본의 단어가 보던 곳도 보게 합니다.</translation>
    </message>
    <message>
        <source>Draws of the noise; of several, the one whose change CLIP finds closest to the words&apos; is kept.</source>
        <translation>노이즈를 뽑는 횟수. 여러 번이면 CLIP이 보기에 단어의 변화와 가장 가까운 것을 남깁니다.</translation>
    </message>
    <message>
        <source>Guidance under the source prompt.</source>
        <translation>원본 프롬프트의 유도 강도.</translation>
    </message>
    <message>
        <source>What to add or remove; none = what the target prompt says.</source>
        <translation>더하거나 없앨 것. 비우면 바꿀 프롬프트가 말하는 것.</translation>
    </message>
    <message>
        <source>What tells an edit&apos;s place: where its words look, where its guidance is largest, or both.</source>
        <translation>편집 위치를 정하는 것: 단어가 보는 곳, 유도 강도가 가장 큰 곳, 또는 둘 다.</translation>
    </message>
    <message>
        <source>Share of the steps before the content comes from the source: 4 of 50.</source>
        <translation>내용을 원본에서 가져오기 전까지의 단계 비율: 50 중 4.</translation>
    </message>
    <message>
        <source>Share of the self-attention layers that stay free: 10 of Stable Diffusion&apos;s 16.</source>
        <translation>자유롭게 두는 자기 어텐션 층의 비율: Stable Diffusion의 16층 중 10층.</translation>
    </message>
    <message>
        <source>Words for one thing in both prompts: it draws on itself alone, and the rest on the rest; none = all draws on all.</source>
        <translation>두 프롬프트에서 한 대상을 가리키는 단어. 그 대상은 자기에게서만, 나머지는 나머지에서만 가져옵니다. 비우면 모두가 모두에게서 가져옵니다.</translation>
    </message>
    <message>
        <source>How far above its least value the words&apos; map must be to count as the thing.</source>
        <translation>단어의 지도가 최솟값보다 얼마나 높아야 그 대상으로 치는지 정합니다.</translation>
    </message>
    <message>
        <source>Times that each step&apos;s empty prompt is corrected.</source>
        <translation>단계마다 빈 프롬프트를 보정하는 횟수.</translation>
    </message>
    <message>
        <source>What the target takes from the source.</source>
        <translation>바뀐 그림이 원본에서 가져올 것.</translation>
    </message>
    <message>
        <source>How both ODEs are solved: to second or first order.</source>
        <translation>두 상미분방정식을 푸는 차수: 2차 또는 1차.</translation>
    </message>
    <message>
        <source>Another model that leads back, by name or folder; none = the same one.</source>
        <translation>되돌아올 때 쓸 다른 모델의 이름이나 폴더. 비우면 같은 모델.</translation>
    </message>
    <message>
        <source>How firmly the way up aims at typical noise.</source>
        <translation>올라가는 길이 전형적인 노이즈를 얼마나 단단히 향하는지.</translation>
    </message>
    <message>
        <source>How firmly the way down aims at the picture.</source>
        <translation>내려오는 길이 그림을 얼마나 단단히 향하는지.</translation>
    </message>
    <message>
        <source>Share of the steps that aim at the picture.</source>
        <translation>그림을 향하는 단계의 비율.</translation>
    </message>
    <message>
        <source>Draws of the noise that a step averages over.</source>
        <translation>한 단계가 평균하는 노이즈 추첨 횟수.</translation>
    </message>
    <message>
        <source>realesrgan-x4plus for photographs, realesrgan-x4plus-anime for drawings, or a safetensors file.</source>
        <translation>사진에는 realesrgan-x4plus, 그림에는 realesrgan-x4plus-anime, 또는 safetensors 파일.</translation>
    </message>
    <message>
        <source>How many times larger.</source>
        <translation>몇 배로 키울지 정합니다.</translation>
    </message>
    <message>
        <source>Side in pixels of what is enlarged at once; less takes less memory.</source>
        <translation>한 번에 확대하는 부분의 한 변(픽셀). 작을수록 메모리를 덜 씁니다.</translation>
    </message>
    <message>
        <source>Guided part</source>
        <translation>유도하는 구간</translation>
    </message>
    <message>
        <source>Share of the steps in which the target prompt is guided. The last ones draw detail; without guidance they stay nearer to the picture and cost half.</source>
        <translation>대상 프롬프트로 유도하는 단계의 비율. 마지막 단계들은 세부를 그리며, 유도하지 않으면 그림에 더 가깝고 비용이 절반입니다.</translation>
    </message>
    <message>
        <source>Detail</source>
        <translation>세밀함</translation>
    </message>
    <message>
        <source>Steps back</source>
        <translation>되돌아갈 단계</translation>
    </message>
    <message>
        <source>Rounds of each stretch</source>
        <translation>구간 반복</translation>
    </message>
    <message>
        <source>Fill, back and forth</source>
        <translation>되돌아가며 채우기</translation>
    </message>
    <message>
        <source>Soft fill</source>
        <translation>부드럽게 채우기</translation>
    </message>
    <message>
        <source>Inpainting model</source>
        <translation>인페인팅 모델</translation>
    </message>
    <message>
        <source>Size in the model&apos;s own to which large parts are sharpened, tile by tile; 1 = never.</source>
        <translation>큰 부분을 조각별로 선명하게 할 크기(모델 크기의 배수). 1이면 하지 않습니다.</translation>
    </message>
    <message>
        <source>Steps that each way back to noise goes (j).</source>
        <translation>한 번에 노이즈로 되돌아가는 단계 수(j).</translation>
    </message>
    <message>
        <source>Times that each stretch is walked (r).</source>
        <translation>같은 구간을 반복하는 횟수(r).</translation>
    </message>
    <message>
        <source>How far it may leave the mirrored picture: 0 keeps that, 1 forgets it.</source>
        <translation>거울처럼 이은 그림에서 얼마나 벗어날지 정합니다. 0이면 그대로, 1이면 잊습니다.</translation>
    </message>
    <message>
        <source>Fit at the end</source>
        <translation>마지막에 맞추기</translation>
    </message>
    <message>
        <source>Step size (zeta)</source>
        <translation>단계 크기 (제타)</translation>
    </message>
    <message>
        <source>Gluing</source>
        <translation>붙임</translation>
    </message>
    <message>
        <source>Prior variance</source>
        <translation>사전 분산</translation>
    </message>
    <message>
        <source>Width (sigma)</source>
        <translation>폭 (시그마)</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>길이</translation>
    </message>
    <message>
        <source>Direction</source>
        <translation>방향</translation>
    </message>
    <message>
        <source>Kernel</source>
        <translation>커널</translation>
    </message>
    <message>
        <source>Times</source>
        <translation>배수</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>필터</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>어디</translation>
    </message>
    <message>
        <source>Share</source>
        <translation>비율</translation>
    </message>
    <message>
        <source>Scratches</source>
        <translation>긁힌 자국</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>폭</translation>
    </message>
    <message>
        <source>Seed of the places</source>
        <translation>자리의 시드</translation>
    </message>
    <message>
        <source>Directions</source>
        <translation>방향 수</translation>
    </message>
    <message>
        <source>Range in degrees</source>
        <translation>범위 (도)</translation>
    </message>
    <message>
        <source>Quality</source>
        <translation>품질</translation>
    </message>
    <message>
        <source>Brighter, times</source>
        <translation>밝기 배수</translation>
    </message>
    <message>
        <source>Gamma</source>
        <translation>감마</translation>
    </message>
    <message>
        <source>Bicubic</source>
        <translation>쌍삼차</translation>
    </message>
    <message>
        <source>Plain means</source>
        <translation>단순 평균</translation>
    </message>
    <message>
        <source>The selection</source>
        <translation>선택 영역</translation>
    </message>
    <message>
        <source>At random</source>
        <translation>무작위</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>잡음</translation>
    </message>
    <message>
        <source>Gaussian blur</source>
        <translation>가우스 흐림</translation>
    </message>
    <message>
        <source>Motion blur</source>
        <translation>움직임 흐림</translation>
    </message>
    <message>
        <source>Any kernel</source>
        <translation>임의의 커널</translation>
    </message>
    <message>
        <source>Small size</source>
        <translation>작은 크기</translation>
    </message>
    <message>
        <source>Enlarged</source>
        <translation>확대됨</translation>
    </message>
    <message>
        <source>Missing pixels</source>
        <translation>없어진 픽셀</translation>
    </message>
    <message>
        <source>Outside the frame</source>
        <translation>틀 밖</translation>
    </message>
    <message>
        <source>Projections</source>
        <translation>투영</translation>
    </message>
    <message>
        <source>JPEG</source>
        <translation>JPEG</translation>
    </message>
    <message>
        <source>Exposure</source>
        <translation>노출</translation>
    </message>
    <message>
        <source>Posterior sampling (DPS)</source>
        <translation>사후 표집 (DPS)</translation>
    </message>
    <message>
        <source>Posterior sampling (PiGDM)</source>
        <translation>사후 표집 (PiGDM)</translation>
    </message>
    <message>
        <source>Standard deviation of the blur in pixels.</source>
        <translation>흐림의 표준 편차 (픽셀).</translation>
    </message>
    <message>
        <source>Length in pixels.</source>
        <translation>길이 (픽셀).</translation>
    </message>
    <message>
        <source>Degrees from the horizontal, leftwards up.</source>
        <translation>수평에서 왼쪽 위로 잰 각도.</translation>
    </message>
    <message>
        <source>Its rows; they are made to sum to one.</source>
        <translation>커널의 행들. 합이 1이 되게 합니다.</translation>
    </message>
    <message>
        <source>How many times smaller.</source>
        <translation>몇 배 작아졌는지.</translation>
    </message>
    <message>
        <source>How: the widened cubic kernel, or plain means.</source>
        <translation>방법: 넓힌 삼차 커널 또는 단순 평균.</translation>
    </message>
    <message>
        <source>How many times it was enlarged.</source>
        <translation>몇 배 확대되었는지.</translation>
    </message>
    <message>
        <source>Where: a mask (white = missing), at random, or scratches.</source>
        <translation>어디: 마스크(흰색 = 없음), 무작위 또는 긁힌 자국.</translation>
    </message>
    <message>
        <source>Share missing at random.</source>
        <translation>무작위로 없어진 비율.</translation>
    </message>
    <message>
        <source>Number of scratches.</source>
        <translation>긁힌 자국의 수.</translation>
    </message>
    <message>
        <source>Width of a scratch in pixels.</source>
        <translation>긁힌 자국의 폭 (픽셀).</translation>
    </message>
    <message>
        <source>Seed of the places.</source>
        <translation>자리를 정하는 시드.</translation>
    </message>
    <message>
        <source>Pixels missing above.</source>
        <translation>위쪽에서 없어진 픽셀.</translation>
    </message>
    <message>
        <source>Pixels missing on the right.</source>
        <translation>오른쪽에서 없어진 픽셀.</translation>
    </message>
    <message>
        <source>Pixels missing below.</source>
        <translation>아래쪽에서 없어진 픽셀.</translation>
    </message>
    <message>
        <source>Pixels missing on the left.</source>
        <translation>왼쪽에서 없어진 픽셀.</translation>
    </message>
    <message>
        <source>How many directions.</source>
        <translation>방향의 수.</translation>
    </message>
    <message>
        <source>Degrees that they span.</source>
        <translation>방향들이 펼쳐진 각도.</translation>
    </message>
    <message>
        <source>The file&apos;s quality.</source>
        <translation>파일의 품질.</translation>
    </message>
    <message>
        <source>How much brighter.</source>
        <translation>얼마나 더 밝은지.</translation>
    </message>
    <message>
        <source>Of the encoding; 1 = none.</source>
        <translation>부호화의 감마. 1 = 없음.</translation>
    </message>
    <message>
        <source>What was done to the picture, in this order.</source>
        <translation>그림에 일어난 일을 차례대로.</translation>
    </message>
    <message>
        <source>Standard deviation of the picture&apos;s noise, black to white being 0 to 1.</source>
        <translation>그림 잡음의 표준 편차. 검정에서 흰색까지가 0에서 1입니다.</translation>
    </message>
    <message>
        <source>How many restorations to make.</source>
        <translation>만들 복원의 수.</translation>
    </message>
    <message>
        <source>At the end, change as little as explains the picture to within the noise.</source>
        <translation>마지막에 잡음 안에서 그림을 설명할 만큼만 바꿉니다.</translation>
    </message>
    <message>
        <source>How far each step moves; by default the paper&apos;s: 0.5 for what is missing, 0.3 otherwise, in 1000 steps, and more in fewer.</source>
        <translation>단계마다 움직이는 크기. 기본은 논문의 값: 없어진 것은 0.5, 그 밖에는 0.3 (1000단계 기준), 단계가 적으면 더 큽니다.</translation>
    </message>
    <message>
        <source>Weight of staying near what the encoder gives; 0 is off.</source>
        <translation>인코더가 주는 것 가까이에 머무는 가중치. 0은 끔.</translation>
    </message>
    <message>
        <source>Variance of the model&apos;s pictures or latents, in its own units; 1 is the paper&apos;s.</source>
        <translation>모델의 그림이나 잠재값의 분산 (모델 단위). 1이 논문의 값입니다.</translation>
    </message>
    <message>
        <source>Mean as result</source>
        <translation>평균을 결과로</translation>
    </message>
    <message>
        <source>The result is the mean of the restorations, which is nearest on average; else it is the first.</source>
        <translation>결과가 복원들의 평균이 됩니다. 평균이 대체로 가장 가깝습니다. 끄면 첫 번째 복원이 결과입니다.</translation>
    </message>
    <message>
        <source>Share of the walk that is gone: 1 starts from noise, as the paper; less from a smooth picture that explains this one, so that fewer steps do.</source>
        <translation>걷는 길의 비율: 1은 논문처럼 노이즈에서 시작하고, 작으면 이 사진을 설명하는 매끄러운 그림에서 시작해 더 적은 단계로 충분합니다.</translation>
    </message>
    <message>
        <source>The engine starts anew with these settings, before the next edit.</source>
        <translation>다음 편집 전에 엔진이 이 설정으로 다시 시작됩니다.</translation>
    </message>
    <message>
        <source>The settings can be neither read nor set aside, and are as they were at first. See to who may read {name}.</source>
        <translation>설정을 읽을 수도 옮길 수도 없어 처음 값으로 두었습니다. {name} 파일의 권한을 확인하세요.</translation>
    </message>
    <message>
        <source>Some settings made no sense and are as they were at first: {entries}. The file was set aside as {name}.</source>
        <translation>일부 설정을 이해할 수 없어 처음 값으로 두었습니다: {entries}. 파일은 {name}(으)로 옮겨 두었습니다.</translation>
    </message>
    <message>
        <source>The settings could not be read and are as they were at first. The file was set aside as {name}.</source>
        <translation>설정을 읽을 수 없어 처음 값으로 두었습니다. 파일은 {name}(으)로 옮겨 두었습니다.</translation>
    </message>
    <message>
        <source>Freedom</source>
        <translation>자유도</translation>
    </message>
    <message>
        <source>Enlarge (latent diffusion)</source>
        <translation>확대 (잠재 확산)</translation>
    </message>
    <message>
        <source>Noise put into the small picture: the more, the freer is what is drawn.</source>
        <translation>작은 그림에 더하는 노이즈: 클수록 더 자유롭게 그립니다.</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>설정</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>찾기</translation>
    </message>
    <message>
        <source>Search the settings</source>
        <translation>설정 찾기</translation>
    </message>
    <message>
        <source>Show the pages that are about these words</source>
        <translation>이 낱말이 나오는 쪽을 보여 줍니다</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>쪽</translation>
    </message>
    <message>
        <source>What is to be set</source>
        <translation>설정할 것</translation>
    </message>
    <message>
        <source>OK</source>
        <translation>확인</translation>
    </message>
    <message>
        <source>Let these settings count (Enter)</source>
        <translation>이 설정을 적용합니다 (Enter)</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Leave everything as it was (Esc)</source>
        <translation>모두 그대로 둡니다 (Esc)</translation>
    </message>
</context>
<context>
    <name>ShortcutsPage</name>
    <message>
        <source>Shortcuts</source>
        <translation>단축키</translation>
    </message>
    <message>
        <source>Search by name or by keys</source>
        <translation>이름이나 키로 찾기</translation>
    </message>
    <message>
        <source>Search the shortcuts</source>
        <translation>단축키 찾기</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>명령</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>키</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>키보드 단축키</translation>
    </message>
    <message>
        <source>Choose a command, then press its new keys below</source>
        <translation>명령을 고르고 아래에서 새 키를 누르세요</translation>
    </message>
    <message>
        <source>No keys</source>
        <translation>키 없음</translation>
    </message>
    <message>
        <source>Take the command&apos;s keys away</source>
        <translation>명령의 키를 없앱니다</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>되돌리기</translation>
    </message>
    <message>
        <source>Give it its usual keys again</source>
        <translation>기본 키로 되돌립니다</translation>
    </message>
    <message>
        <source>Reset all</source>
        <translation>모두 되돌리기</translation>
    </message>
    <message>
        <source>Give all commands their usual keys again</source>
        <translation>모든 명령을 기본 키로 되돌립니다</translation>
    </message>
    <message>
        <source>{keys} is wanted by several: {names}. Give all but one of them other keys.</source>
        <translation>{keys} 키를 여러 명령이 씁니다: {names}. 하나만 남기고 다른 키를 정하세요.</translation>
    </message>
    <message>
        <source>{keys} is needed by the canvas and the controls. Press other keys.</source>
        <translation>{keys} 키는 캔버스와 컨트롤에 필요합니다. 다른 키를 누르세요.</translation>
    </message>
    <message>
        <source>New keys for: {command}</source>
        <translation>새 키: {command}</translation>
    </message>
    <message>
        <source>Click here, then press the new keys</source>
        <translation>여기를 누른 뒤 새 키를 누르세요</translation>
    </message>
    <message>
        <source>Already used by: {names}</source>
        <translation>이미 쓰는 명령: {names}</translation>
    </message>
    <message>
        <source>Show the original while held</source>
        <translation>누르는 동안 원본 보기</translation>
    </message>
    <message>
        <source>Move the picture</source>
        <translation>그림 옮기기</translation>
    </message>
    <message>
        <source>Space + drag, middle button</source>
        <translation>스페이스 + 끌기, 가운데 버튼</translation>
    </message>
    <message>
        <source>Zoom at the pointer</source>
        <translation>포인터에서 확대/축소</translation>
    </message>
    <message>
        <source>Wheel</source>
        <translation>휠</translation>
    </message>
    <message>
        <source>Brush size</source>
        <translation>붓 크기</translation>
    </message>
    <message>
        <source>Ctrl + wheel</source>
        <translation>Ctrl + 휠</translation>
    </message>
    <message>
        <source>Straight line</source>
        <translation>직선</translation>
    </message>
    <message>
        <source>Shift + click</source>
        <translation>Shift + 클릭</translation>
    </message>
    <message>
        <source>Leave the canvas</source>
        <translation>캔버스 떠나기</translation>
    </message>
    <message>
        <source>New keys</source>
        <translation>새 키</translation>
    </message>
</context>
<context>
    <name>StageBar</name>
    <message>
        <source>{number} of {count}</source>
        <translation>{count}개 중 {number}번째</translation>
    </message>
    <message>
        <source>seed {seed}</source>
        <translation>시드 {seed}</translation>
    </message>
    <message>
        <source>seed {seed}, blended</source>
        <translation>시드 {seed}, 섞음</translation>
    </message>
    <message>
        <source>Put “{title}” into the picture (Enter)</source>
        <translation>“{title}”을(를) 그림에 넣습니다 (Enter)</translation>
    </message>
    <message>
        <source>Previous result</source>
        <translation>이전 결과</translation>
    </message>
    <message>
        <source>Previous result (Left)</source>
        <translation>이전 결과 (왼쪽 화살표)</translation>
    </message>
    <message>
        <source>Next result</source>
        <translation>다음 결과</translation>
    </message>
    <message>
        <source>Next result (Right)</source>
        <translation>다음 결과 (오른쪽 화살표)</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>적용</translation>
    </message>
    <message>
        <source>Put it into the picture (Enter)</source>
        <translation>그림에 넣습니다 (Enter)</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>버리기</translation>
    </message>
    <message>
        <source>Take this result out of the strip (Delete); undo brings it back</source>
        <translation>이 결과를 목록에서 뺍니다 (Delete). 실행 취소로 되돌립니다</translation>
    </message>
    <message>
        <source>More like this</source>
        <translation>비슷하게 더</translation>
    </message>
    <message>
        <source>The same edit from noise close to this one&apos;s (Ctrl+Shift+M)</source>
        <translation>이 결과와 가까운 잡음에서 같은 편집을 다시 합니다 (Ctrl+Shift+M)</translation>
    </message>
    <message>
        <source>Blend…</source>
        <translation>섞기…</translation>
    </message>
    <message>
        <source>A picture between this result and another one (Ctrl+Shift+B)</source>
        <translation>이 결과와 다른 결과 사이의 그림 (Ctrl+Shift+B)</translation>
    </message>
</context>
<context>
    <name>StatusLine</name>
    <message>
        <source>Starter model</source>
        <translation>기본 모델</translation>
    </message>
    <message>
        <source>No model</source>
        <translation>모델 없음</translation>
    </message>
    <message>
        <source>Model: {name}</source>
        <translation>모델: {name}</translation>
    </message>
    <message>
        <source>1 thread</source>
        <translation>스레드 1개</translation>
    </message>
    <message>
        <source>{count} threads</source>
        <translation>스레드 {count}개</translation>
    </message>
    <message>
        <source>Loading the model…</source>
        <translation>모델을 불러오는 중…</translation>
    </message>
    <message>
        <source>Cancelling…</source>
        <translation>취소하는 중…</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>시작하는 중…</translation>
    </message>
    <message>
        <source>Step {step} of {steps}</source>
        <translation>{steps}단계 중 {step}단계</translation>
    </message>
    <message>
        <source>{seconds:.1f} s left</source>
        <translation>{seconds:.1f}초 남음</translation>
    </message>
    <message>
        <source>0 pixels changed outside</source>
        <translation>바깥에서 바뀐 픽셀 0개</translation>
    </message>
    <message>
        <source>{count} values changed outside</source>
        <translation>바깥에서 바뀐 값 {count}개</translation>
    </message>
    <message>
        <source>The model that edits; press to choose another</source>
        <translation>편집하는 모델입니다. 누르면 다른 모델을 고릅니다</translation>
    </message>
    <message>
        <source>Device, precision and CPU threads of the engine</source>
        <translation>엔진의 장치, 정밀도, CPU 스레드</translation>
    </message>
    <message>
        <source>offline</source>
        <translation>오프라인</translation>
    </message>
    <message>
        <source>Sfumato works on this machine and asks no network</source>
        <translation>Sfumato는 이 컴퓨터에서만 작동하며 네트워크를 쓰지 않습니다</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Give the running edit up (Esc)</source>
        <translation>실행 중인 편집을 그만둡니다 (Esc)</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>진행</translation>
    </message>
    <message>
        <source>Zoom (Ctrl+0 fits, Ctrl+1 is 100 %)</source>
        <translation>확대 비율 (Ctrl+0은 창에 맞추기, Ctrl+1은 100%)</translation>
    </message>
    <message>
        <source>Compared value by value with the picture, outside the selection and its blend</source>
        <translation>선택 영역과 섞인 띠의 바깥을 원래 그림과 값 하나하나 견준 결과</translation>
    </message>
    <message>
        <source>reading the picture</source>
        <translation>그림 읽는 중</translation>
    </message>
    <message>
        <source>inverting</source>
        <translation>인버전하는 중</translation>
    </message>
    <message>
        <source>painting</source>
        <translation>그리는 중</translation>
    </message>
    <message>
        <source>finishing</source>
        <translation>마무리하는 중</translation>
    </message>
    <message>
        <source>offline, no downloads</source>
        <translation>오프라인, 내려받기 금지</translation>
    </message>
    <message>
        <source>Sfumato asks no network, and downloads are forbidden in the settings</source>
        <translation>Sfumato는 네트워크를 쓰지 않으며, 설정에서 내려받기를 금지했습니다</translation>
    </message>
</context>
<context>
    <name>SwapPromptsCommand</name>
    <message>
        <source>Swap prompts</source>
        <translation>프롬프트 맞바꾸기</translation>
    </message>
</context>
<context>
    <name>Swatch</name>
    <message>
        <source>Paint colour</source>
        <translation>칠할 색</translation>
    </message>
    <message>
        <source>Paint colour {name}</source>
        <translation>칠할 색 {name}</translation>
    </message>
    <message>
        <source>Paint colour {name} (Shift+P). Alt-click with the paint tool picks one.</source>
        <translation>칠할 색 {name} (Shift+P). 칠하기 도구로 Alt-클릭하면 색을 집습니다.</translation>
    </message>
</context>
<context>
    <name>SweepDialog</name>
    <message>
        <source>Sweep</source>
        <translation>훑어보기</translation>
    </message>
    <message>
        <source>Guidance as well, in rows</source>
        <translation>유도 강도도 줄마다 바꾸기</translation>
    </message>
    <message>
        <source>Make the sheet</source>
        <translation>한 장 만들기</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>중단</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <source>From</source>
        <translation>부터</translation>
    </message>
    <message>
        <source>To</source>
        <translation>까지</translation>
    </message>
    <message>
        <source>Half the guidance, the guidance and its double, a row for each</source>
        <translation>유도 강도의 절반, 그대로, 두 배를 한 줄씩</translation>
    </message>
    <message>
        <source>Run one edit for each cell, the least change first</source>
        <translation>칸마다 편집을 하나씩, 가장 적게 바뀌는 것부터 실행합니다</translation>
    </message>
    <message>
        <source>Give up the cells that are not finished</source>
        <translation>끝나지 않은 칸을 중단합니다</translation>
    </message>
    <message>
        <source>Close (Esc); what is not finished is given up</source>
        <translation>닫기 (Esc). 끝나지 않은 것은 중단됩니다</translation>
    </message>
    <message>
        <source>Cells that are done</source>
        <translation>끝난 칸</translation>
    </message>
    <message>
        <source>from</source>
        <translation>시작</translation>
    </message>
    <message>
        <source>to</source>
        <translation>끝</translation>
    </message>
    <message>
        <source>Click a cell to take it as a result.</source>
        <translation>칸을 누르면 결과로 가져옵니다.</translation>
    </message>
    <message>
        <source>guidance {scale:.1f}</source>
        <translation>유도 강도 {scale:.1f}</translation>
    </message>
    <message>
        <source>{done} of {count}</source>
        <translation>{count} 중 {done}</translation>
    </message>
</context>
<context>
    <name>Tomography</name>
    <message>
        <source>tomography</source>
        <translation>단층 촬영</translation>
    </message>
</context>
<context>
    <name>TomographyDialog</name>
    <message>
        <source>Tomography</source>
        <translation>단층 촬영</translation>
    </message>
    <message>
        <source>Filtered back projection · {decibels:.1f} dB</source>
        <translation>여과 역투영 · {decibels:.1f} dB</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>멈춤</translation>
    </message>
    <message>
        <source>Sample the posterior</source>
        <translation>사후 표집</translation>
    </message>
    <message>
        <source>Samples of the posterior</source>
        <translation>사후 표본</translation>
    </message>
    <message>
        <source>Sample {number} of {count} · {decibels:.1f} dB</source>
        <translation>표본 {count} 중 {number} · {decibels:.1f} dB</translation>
    </message>
    <message>
        <source>Mean of {count} samples · {decibels:.1f} dB</source>
        <translation>표본 {count}개의 평균 · {decibels:.1f} dB</translation>
    </message>
    <message>
        <source>Spread of the samples</source>
        <translation>표본의 퍼짐</translation>
    </message>
    <message>
        <source>{levels:g} levels of 255</source>
        <translation>255 중 {levels:g}단계</translation>
    </message>
    <message>
        <source>Explains the sinogram to within its noise: residual {ratio:.2f} × the noise</source>
        <translation>잡음 안에서 사이노그램을 설명합니다: 잔차가 잡음의 {ratio:.2f}배</translation>
    </message>
    <message>
        <source>Does not explain the sinogram: residual {ratio:.2f} × its noise</source>
        <translation>사이노그램을 설명하지 못합니다: 잔차가 잡음의 {ratio:.2f}배</translation>
    </message>
    <message>
        <source>Phantom</source>
        <translation>팬텀</translation>
    </message>
    <message>
        <source>Open picture</source>
        <translation>열린 그림</translation>
    </message>
    <message>
        <source>The Shepp-Logan head, drawn from ten ellipses</source>
        <translation>타원 열 개로 그린 셰프-로건 머리</translation>
    </message>
    <message>
        <source>The middle square of the open picture, in grey</source>
        <translation>열린 그림의 가운데 정사각형, 회색</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>크기</translation>
    </message>
    <message>
        <source>Side of the square in pixels</source>
        <translation>정사각형 한 변의 픽셀</translation>
    </message>
    <message>
        <source>Directions</source>
        <translation>방향 수</translation>
    </message>
    <message>
        <source>How many projections are taken</source>
        <translation>투영의 수</translation>
    </message>
    <message>
        <source>Range in degrees</source>
        <translation>범위 (도)</translation>
    </message>
    <message>
        <source>Degrees that the directions span</source>
        <translation>방향들이 펼쳐진 각도</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>잡음</translation>
    </message>
    <message>
        <source>Standard deviation on the sinogram; 1 is white along the diagonal</source>
        <translation>사이노그램의 표준 편차. 1은 대각선 전체가 흰색일 때입니다</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>단계</translation>
    </message>
    <message>
        <source>Network steps for each sample</source>
        <translation>표본마다의 신경망 단계 수</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>표본</translation>
    </message>
    <message>
        <source>How many samples to make</source>
        <translation>만들 표본의 수</translation>
    </message>
    <message>
        <source>How</source>
        <translation>방법</translation>
    </message>
    <message>
        <source>The method that samples the posterior</source>
        <translation>사후 분포에서 표본을 뽑는 방법</translation>
    </message>
    <message>
        <source>Pictures that could have given this sinogram</source>
        <translation>이 사이노그램을 낼 수 있었던 그림들</translation>
    </message>
    <message>
        <source>The picture</source>
        <translation>그림</translation>
    </message>
    <message>
        <source>Sinogram</source>
        <translation>사이노그램</translation>
    </message>
    <message>
        <source>Filtered back projection</source>
        <translation>여과 역투영</translation>
    </message>
    <message>
        <source>Mean</source>
        <translation>평균</translation>
    </message>
    <message>
        <source>Spread</source>
        <translation>퍼짐</translation>
    </message>
    <message>
        <source>One after the other</source>
        <translation>하나씩 차례로</translation>
    </message>
    <message>
        <source>The mean of all samples</source>
        <translation>모든 표본의 평균</translation>
    </message>
    <message>
        <source>Their standard deviation at every pixel</source>
        <translation>픽셀마다의 표준 편차</translation>
    </message>
    <message>
        <source>Next sample</source>
        <translation>다음 표본</translation>
    </message>
    <message>
        <source>Look at the next sample</source>
        <translation>다음 표본을 봅니다</translation>
    </message>
</context>
<context>
    <name>ToolOptions</name>
    <message>
        <source>Size</source>
        <translation>크기</translation>
    </message>
    <message>
        <source>Diameter in picture pixels ([ and ])</source>
        <translation>그림 픽셀 단위의 지름 ([ 와 ])</translation>
    </message>
    <message>
        <source>Hardness</source>
        <translation>경도</translation>
    </message>
    <message>
        <source>How sharply the brush&apos;s edge ends</source>
        <translation>브러시 가장자리가 끝나는 선명함</translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation>불투명도</translation>
    </message>
    <message>
        <source>How much one stroke selects; what is half selected is edited half as much</source>
        <translation>한 획이 선택하는 정도. 반만 선택한 곳은 반만 편집됩니다</translation>
    </message>
    <message>
        <source>What a pen&apos;s pressure changes</source>
        <translation>펜의 필압이 바꾸는 것</translation>
    </message>
    <message>
        <source>Pressure changes the size</source>
        <translation>필압으로 크기 조절</translation>
    </message>
    <message>
        <source>Pressure changes the opacity</source>
        <translation>필압으로 불투명도 조절</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>교체</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>더하기</translation>
    </message>
    <message>
        <source>Subtract</source>
        <translation>빼기</translation>
    </message>
    <message>
        <source>Intersect</source>
        <translation>교차</translation>
    </message>
    <message>
        <source>Select this in place of what is selected</source>
        <translation>지금의 선택 대신 이것을 선택</translation>
    </message>
    <message>
        <source>Add to the selection (Shift)</source>
        <translation>선택 영역에 더하기 (Shift)</translation>
    </message>
    <message>
        <source>Take from the selection (Ctrl)</source>
        <translation>선택 영역에서 빼기 (Ctrl)</translation>
    </message>
    <message>
        <source>Keep what is selected twice (Ctrl+Shift, or Alt)</source>
        <translation>겹치는 곳만 남기기 (Ctrl+Shift 또는 Alt)</translation>
    </message>
    <message>
        <source>Tolerance</source>
        <translation>허용 범위</translation>
    </message>
    <message>
        <source>How far a colour may be from the one that is clicked at</source>
        <translation>누른 곳의 색과 달라도 되는 정도</translation>
    </message>
    <message>
        <source>Connected</source>
        <translation>이어진 곳만</translation>
    </message>
    <message>
        <source>Only what is connected with the place that is clicked</source>
        <translation>누른 곳과 이어진 부분만 선택</translation>
    </message>
    <message>
        <source>Modify</source>
        <translation>다듬기</translation>
    </message>
    <message>
        <source>Grow, shrink, soften, fill, load or save</source>
        <translation>넓히기, 좁히기, 흐리기, 채우기, 불러오기, 저장</translation>
    </message>
    <message>
        <source>Click corners · Enter closes · Backspace takes one back</source>
        <translation>꼭짓점을 누르세요 · Enter로 닫기 · Backspace로 하나 취소</translation>
    </message>
    <message>
        <source>Drag a box around one object</source>
        <translation>물체 하나를 상자로 둘러싸세요</translation>
    </message>
    <message>
        <source>Shift while dragging: equal sides</source>
        <translation>끌면서 Shift: 같은 변</translation>
    </message>
    <message>
        <source>Drag to move the picture</source>
        <translation>끌어서 그림 옮기기</translation>
    </message>
    <message>
        <source>Drag an edge or a corner · Shift keeps the ratio · Alt moves both sides</source>
        <translation>가장자리나 모서리를 끄세요 · Shift는 비율 유지 · Alt는 양쪽 함께</translation>
    </message>
</context>
<context>
    <name>Tour</name>
    <message>
        <source>Select</source>
        <translation>선택</translation>
    </message>
    <message>
        <source>Open a sample</source>
        <translation>예제 열기</translation>
    </message>
    <message>
        <source>In two minutes you swap one thing and fill in another. Press the first of the sample pictures.</source>
        <translation>2분이면 하나를 바꾸고 다른 하나를 채워 봅니다. 첫 번째 예제 그림을 누르세요.</translation>
    </message>
    <message>
        <source>Swap a thing by its word</source>
        <translation>낱말로 물건 바꾸기</translation>
    </message>
    <message>
        <source>On the right stand two prompts: what the picture shows, and what it should become. Their words differ in one thing. Press Swap (Ctrl+Enter).</source>
        <translation>오른쪽에 프롬프트가 둘 있습니다. 그림에 있는 것과 되어야 할 것입니다. 낱말 하나만 다릅니다. 바꾸기를 누르세요 (Ctrl+Enter).</translation>
    </message>
    <message>
        <source>Keep the result</source>
        <translation>결과 간직하기</translation>
    </message>
    <message>
        <source>It is a proposal so far: hold Tab to compare it with the original. Press Apply, below the picture, to put it in as a layer.</source>
        <translation>아직은 제안입니다. Tab을 누르고 있으면 원본과 비교할 수 있습니다. 그림 아래의 적용을 누르면 레이어로 들어갑니다.</translation>
    </message>
    <message>
        <source>Select what to replace</source>
        <translation>바꿀 곳 선택하기</translation>
    </message>
    <message>
        <source>Choose Fill on the right, then paint over a thing with the brush (B). Only what is selected will change.</source>
        <translation>오른쪽에서 채우기를 고르고 붓(B)으로 물건을 칠하세요. 선택한 곳만 바뀝니다.</translation>
    </message>
    <message>
        <source>Fill it</source>
        <translation>채우기</translation>
    </message>
    <message>
        <source>The prompt says what should be there. Press Fill (Ctrl+Enter). Outside the selection every pixel stays as it is.</source>
        <translation>프롬프트는 그곳에 있어야 할 것을 말합니다. 채우기를 누르세요 (Ctrl+Enter). 선택 영역 밖의 픽셀은 모두 그대로입니다.</translation>
    </message>
    <message>
        <source>That is all it takes</source>
        <translation>이것으로 끝입니다</translation>
    </message>
    <message>
        <source>Change a word and run again for another result; each waits in the strip below until you apply it. The tour is under Help, all keys are under F1.</source>
        <translation>낱말을 바꾸어 다시 실행하면 다른 결과가 나옵니다. 적용하기 전까지 아래 줄에서 기다립니다. 둘러보기는 도움말에, 모든 키는 F1에 있습니다.</translation>
    </message>
</context>
<context>
    <name>Welcome</name>
    <message>
        <source>Open a picture to edit</source>
        <translation>편집할 그림을 여세요</translation>
    </message>
    <message>
        <source>Drop one here, or paste it with Ctrl+V.</source>
        <translation>여기에 끌어다 놓거나 Ctrl+V로 붙여넣으세요.</translation>
    </message>
    <message>
        <source>Open a picture…</source>
        <translation>그림 열기…</translation>
    </message>
    <message>
        <source>Open a picture</source>
        <translation>그림 열기</translation>
    </message>
    <message>
        <source>Open a picture (Ctrl+O)</source>
        <translation>그림 열기 (Ctrl+O)</translation>
    </message>
    <message>
        <source>Or begin with a sample</source>
        <translation>또는 견본으로 시작하기</translation>
    </message>
    <message>
        <source>Sample: {caption}</source>
        <translation>견본: {caption}</translation>
    </message>
</context>
<context>
    <name>Word</name>
    <message>
        <source>{word}: goes</source>
        <translation>{word}: 사라짐</translation>
    </message>
    <message>
        <source>{word}, weight {weight:.1f}</source>
        <translation>{word}, 세기 {weight:.1f}</translation>
    </message>
    <message>
        <source>Drag up or down, or press Up and Down, to make “{word}” count more or less. A double-click or Delete puts it back.</source>
        <translation>위아래로 끌거나 위, 아래 키를 눌러 “{word}”의 세기를 바꿉니다. 두 번 누르거나 Delete 키를 누르면 되돌립니다.</translation>
    </message>
</context>
<context>
    <name>_Part</name>
    <message>
        <source>Remove</source>
        <translation>없애기</translation>
    </message>
</context>
</TS>
